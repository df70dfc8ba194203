package dev.carillon.server.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.refresh.drain.Asked.Invalid;
import dev.carillon.refresh.drain.Wish;
import dev.carillon.refresh.request.Priority;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.ProblemException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshInputTest {

  @Test
  void oneObjectIsOneWish() {
    RefreshInput input =
        read(
            "{'source':'clash-of-clans','type':'clan','tag':'#2PP','priority':'HIGH',"
                + "'requested_at':'2026-11-22T09:00:00+01:00'}");

    assertThat(input.isOne()).isTrue();
    assertThat(input.wishes())
        .containsExactly(
            new Wish(
                "clash-of-clans",
                "clan",
                "#2PP",
                Priority.HIGH,
                Instant.parse("2026-11-22T08:00:00Z")));
  }

  @Test
  void whatIsWrongInAListIsToldByItsPlaceAndTheRestIsWished() {
    RefreshInput input =
        read(
            "[{'type':'clan','tag':'#2PP'}, 7, {'tag':'#2PP'}, {'type':'player','tag':'#8QQ','x':1},"
                + " {'type':'war','tag':'#8QQ','priority':3}]");

    assertThat(input.isOne()).isFalse();
    assertThat(input.wishes()).extracting(Wish::type).containsExactly("clan", "war");
    assertThat(input.wishes()).extracting(Wish::priority).containsExactly(null, Priority.LOW);
    assertThat(input.invalid(List.of(new Invalid(1, "tag must be another"))))
        .extracting(Invalid::index)
        .containsExactly(1, 2, 3, 4);
    assertThat(input.unread())
        .extracting(Invalid::reason)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("it must be a JSON object"),
            second -> assertThat(second).startsWith("type is needed"),
            third -> assertThat(third).startsWith("x is not known"));
    assertThat(input.invalid(List.of(new Invalid(1, "tag must be another"))).getLast().reason())
        .isEqualTo("tag must be another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "null"})
  void whatIsNeitherAnObjectNorAListOfSomeIsRefused(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
  }

  @Test
  void moreThanAThousandAreRefused() {
    String list = "[" + "{},".repeat(RefreshInput.MOST) + "{}]";

    assertThatThrownBy(() -> read(list))
        .hasMessage("a list of 1 to 1000 requests is allowed, not of 1001");
  }

  @ParameterizedTest
  @CsvSource({
    "{'type':'clan'}, tag",
    "{'type':'clan';'tag':7}, tag",
    "{'type':'clan';'tag':'#2PP';'priority':'soon'}, priority",
    "{'type':'clan';'tag':'#2PP';'priority':4}, priority",
    "{'type':'clan';'tag':'#2PP';'priority':1.0}, priority",
    "{'type':'clan';'tag':'#2PP';'requested_at':'now'}, requested_at",
  })
  void aFieldThatIsWrongIsNamed(String body, String field) {
    assertThatThrownBy(() -> read(body.replace(';', ',')))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e ->
                assertThat(e.problem().errors())
                    .extracting(FieldError::field)
                    .containsExactly(field));
  }

  @Test
  void aReasonThatBeginsWithAFieldIsAProblemOfThatField() {
    assertThat(RefreshInput.problem("tag must be good").errors())
        .containsExactly(new FieldError("tag", "must be good"));
  }

  private static RefreshInput read(String json) {
    return RefreshInput.of(Json.stored(json.replace('\'', '"')));
  }
}
