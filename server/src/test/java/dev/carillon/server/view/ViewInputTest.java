package dev.carillon.server.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.ProblemException;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.registry.Wanted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewInputTest {

  @Test
  void whatIsNotSaidIsAsUsual() {
    assertThat(wanted("{'name':'v','query':'SELECT 1'}"))
        .isEqualTo(Wanted.of(new ViewName("v"), "SELECT 1", false));
    assertThat(wanted("{'name':'v'}").query()).isNull();
  }

  @Test
  void everythingCanBeSaid() {
    assertThat(
            wanted(
                "{'name':'v','query':'SELECT 1','incremental':true,'keys':['a','b'],'interval':'30s','objective':'2m'}"))
        .isEqualTo(
            new Wanted(
                new ViewName("v"),
                "SELECT 1",
                Wanted.INCREMENTAL,
                List.of("a", "b"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2)));
  }

  @Test
  void oneTierCanBeAskedForByName() {
    assertThat(wanted("{'name':'v','query':'SELECT 1','tier':'keyed'}").tiers())
        .containsExactly(Tier.KEYED);
    assertThat(wanted("{'name':'v','tier':'full'}").tiers()).containsExactly(Tier.FULL);
  }

  @Test
  void aQueryIsExplainedWithTheKeysThatAreGiven() {
    assertThat(ViewInput.asked(Json.stored("{\"query\":\"SELECT 1\",\"keys\":[\"a\",\"b\"]}")))
        .isEqualTo(new ViewInput.Asked("SELECT 1", List.of("a", "b")));
    assertThat(ViewInput.asked(Json.stored("{\"query\":\"SELECT 1\"}")).keys()).isEmpty();
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> ViewInput.asked(Json.stored("{\"keys\":[\"a\",\"a\"]}")))
        .satisfies(e ->
            assertThat(e.problem().errors())
                .extracting(FieldError::field)
                .containsExactly("query", "keys"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|name is needed",
        "{'name':'No'}|name must be 1 to 40 lower-case letters",
        "{'name':'v','query':' '}|query must be a SELECT",
        "{'name':'v','incremental':true}|query is needed",
        "{'name':'v','keys':['a','a']}|keys must be the names",
        "{'name':'v','keys':['']}|keys must be the names",
        "{'name':'v','interval':'99ms'}|interval must be",
        "{'name':'v','objective':'367d'}|objective must be",
        "{'name':'v','incremental':true,'query':null}|query is needed",
        "{'name':'v','tier':'keyed'}|query is needed",
        "{'name':'v','tier':'fast'}|tier must be ledger, keyed, full",
        "{'name':'v','tier':'full','incremental':false}|tier and incremental cannot both",
        "{'name':'v','kind':'full'}|kind is not known",
      })
  void whatIsWrongIsNamed(String json, String told) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> wanted(json))
        .satisfies(e -> assertThat(e.problem().detail()).startsWith(told));
  }

  @Test
  void aRefreshByHandSaysManualOrNothing() {
    ViewResource.requireManual(Json.object());
    ViewResource.requireManual(Json.object().put("source", "manual"));

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> ViewResource.requireManual(Json.object().put("source", "cron")))
        .satisfies(e -> assertThat(e.problem().detail()).isEqualTo("source must be manual"));
  }

  private static Wanted wanted(String json) {
    return ViewInput.wanted(Json.stored(json.replace('\'', '"')));
  }
}
