package dev.carillon.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void ofManyUnknownFieldsAFewAreTold() {
    ObjectNode body = Json.object();
    IntStream.range(0, 3_000).forEach(i -> body.put("x" + i, i));

    assertThatThrownBy(() -> new JsonFields(body, Set.of("name")).check())
        .isInstanceOfSatisfying(
            ProblemException.class,
            e ->
                assertThat(e.problem().errors())
                    .hasSize(JsonFields.MAX_UNKNOWN_TOLD)
                    .allSatisfy(error -> assertThat(error.field()).startsWith("x")));
  }

  @Test
  void anObjectIsRead() {
    assertThat(Json.read(body("{\"a\": [1, \"\u00e9\"]}")).path("a").path(1).textValue())
        .isEqualTo("\u00e9");
  }

  @Test
  void brokenJsonIsToldWithItsPlace() {
    assertThat(problem("{\"a\": 1,\n \"b\" 2}").detail())
        .contains("not JSON")
        .contains("line 2, column");
  }

  @Test
  void aFieldThatStandsTwiceIsRefused() {
    assertThat(problem("{\"a\": 1, \"a\": 2}").detail()).contains("Duplicate field 'a'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {}", "{}x", "[1] 2"})
  void nothingMayFollow(String text) {
    assertThat(problem(text).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\n"})
  void anEmptyBodyIsRefused(String text) {
    assertThat(problem(text).detail()).contains("empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "{\"a\": 1", "[1}", "{\"a\": '1'}", "/* */ 1"})
  void whatIsWrongIsToldWithoutTheWordsOfTheLibrary(String text) {
    assertThat(problem(text).detail())
        .startsWith("the body is not JSON: ")
        .contains(" at line 1, column ")
        .doesNotContain("Feature", "Source", "enable");
  }

  @Test
  void utf16IsNotGuessed() {
    byte[] bytes = "{}".getBytes(StandardCharsets.UTF_16LE);

    assertThat(problem(new ByteArrayInputStream(bytes)).status()).isEqualTo(400);
  }

  @Test
  void nestingIsBounded() {
    assertThat(problem("[".repeat(40) + "]".repeat(40)).detail())
        .contains("too deep")
        .doesNotContain("StreamReadConstraints");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    InputStream body = new ByteArrayInputStream(new byte[] {'"', (byte) 0xC3, (byte) 0x28, '"'});

    assertThat(problem(body).status()).isEqualTo(400);
  }

  @Test
  void aLargeBodyIsRefusedWithoutBeingReadToItsEnd() {
    assertThat(problem("\"" + "x".repeat(Json.MAX_BODY_BYTES) + "\"").status()).isEqualTo(413);
  }

  @Test
  void aBodyThatBreaksOffIsRefused() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }

          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            throw new IOException("gone");
          }
        };

    assertThat(problem(broken).detail()).contains("to its end");
  }

  @Test
  void allWrongFieldsAreToldAtOnce() {
    JsonFields fields =
        new JsonFields(Json.read(body("{\"x\": 1, \"n\": 2, \"o\": null}")), Set.of("n", "m", "o"));
    fields.required("n", "a text", Optional::of);
    fields.required("m", "a text", Optional::of);
    fields.optional("o", "a text", Optional::of);

    ProblemException e = catchThrowableOfType(ProblemException.class, fields::check);

    assertThat(e.problem().errors())
        .containsExactly(
            new FieldError("x", "is not known: these are: m, n, o"),
            new FieldError("n", "must be a text"),
            new FieldError("m", "is needed: a text"));
  }

  @Test
  void everyKindOfValueIsRead() {
    JsonFields fields =
        fields(
            """
            {"i": 7, "n": 0.5, "whole": 2, "yes": true, "no": false, "text": "a",
             "texts": ["a", "b"], "none": [], "null": null}
            """);

    assertThat(fields.integer("i", 1, 7)).isEqualTo(7);
    assertThat(fields.number("n", 0.5, 1)).isEqualTo(0.5);
    assertThat(fields.number("whole", 0, 2)).isEqualTo(2.0);
    assertThat(fields.flag("yes")).isTrue();
    assertThat(fields.flag("no")).isFalse();
    assertThat(texts(fields, "text")).containsExactly("a");
    assertThat(texts(fields, "texts")).containsExactly("a", "b");
    assertThat(texts(fields, "none")).isEmpty();
    fields.check();
  }

  @Test
  void aFieldThatIsNullIsThereAndOneThatIsMissingIsNot() {
    JsonFields fields = fields("{\"null\": null, \"text\": \"a\"}");

    assertThat(fields.has("null")).isTrue();
    assertThat(fields.isNull("null")).isTrue();
    assertThat(fields.has("i")).isFalse();
    assertThat(fields.isNull("i")).isFalse();
    assertThat(fields.isNull("text")).isFalse();
    assertThat(fields.integer("null", 0, 1)).isNull();
    assertThat(fields.number("i", 0, 1)).isNull();
    assertThat(fields.flag("null")).isNull();
    assertThat(texts(fields, "null")).isNull();
    fields.check();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i | 8 | must be a whole number from 1 to 7",
        "i | 0 | must be a whole number from 1 to 7",
        "i | 1.0 | must be a whole number from 1 to 7",
        "i | 99999999999999999999 | must be a whole number from 1 to 7",
        "i | \"7\" | must be a whole number from 1 to 7",
        "n | 0.001 | must be a number from 0.01 to 10000",
        "n | 1e400 | must be a number from 0.01 to 10000",
        "n | true | must be a number from 0.01 to 10000",
        "yes | 1 | must be true or false",
        "yes | \"true\" | must be true or false",
        "texts | [1] | must be a list",
        "texts | [\"a\", null] | must be a list",
        "texts | {} | must be a list",
      })
  void aWrongValueIsToldWithWhatIsAllowed(String field, String value, String detail) {
    JsonFields fields = fields("{\"%s\": %s}".formatted(field, value));
    fields.integer("i", 1, 7);
    fields.number("n", 0.01, 10_000);
    fields.flag("yes");
    fields.textOrTexts("texts", "a list", Optional::of);

    ProblemException e = catchThrowableOfType(ProblemException.class, fields::check);

    assertThat(e.problem().errors()).containsExactly(new FieldError(field, detail));
  }

  @Test
  void aBodyThatMayBeLeftOutIsAnEmptyObject() {
    assertThat(Json.readOrEmpty(body(""))).isEmpty();
    assertThat(Json.readOrEmpty(body("{\"a\": 1}"))).hasSize(1);
    assertThat(catchThrowableOfType(ProblemException.class, () -> Json.readOrEmpty(body("{"))))
        .isNotNull();
  }

  @Test
  void onlyAnObjectHasFields() {
    ProblemException e =
        catchThrowableOfType(
            ProblemException.class, () -> new JsonFields(Json.read(body("[]")), Set.of()));

    assertThat(e.problem().status()).isEqualTo(400);
  }

  private static @Nullable List<String> texts(JsonFields fields, String name) {
    return fields.textOrTexts(name, "a list", Optional::of);
  }

  private static JsonFields fields(String text) {
    return new JsonFields(
        Json.read(body(text)),
        Set.of("i", "n", "whole", "yes", "no", "text", "texts", "none", "null"));
  }

  private static InputStream body(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Problem problem(String text) {
    return problem(body(text));
  }

  private static Problem problem(InputStream body) {
    return catchThrowableOfType(ProblemException.class, () -> Json.read(body)).problem();
  }
}
