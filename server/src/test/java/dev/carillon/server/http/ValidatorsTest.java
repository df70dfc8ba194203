package dev.carillon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidatorsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"v1\"",
        "*",
        " * ",
        "W/\"v1\"",
        "\"v0\" , \"v1\"",
        ",\"a,b\",, W/\"v1\",",
        "\"\",\"v1\""
      })
  void aTagThatTheCallerHasIsKnown(String header) {
    assertThat(Validators.isKnown(List.of(header), Validators.weakTag("v1"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1",
        "\"v2\"",
        "w/\"v1\"",
        "\"v1",
        "v1\"",
        "\"a, \"v1\"",
        "\"x\"\"v1\"",
        "*, \"v2\""
      })
  void anotherTagIsNot(String header) {
    assertThat(Validators.isKnown(List.of(header), Validators.weakTag("v1"))).isFalse();
    assertThat(Validators.isKnown(List.of(), Validators.weakTag("v1"))).isFalse();
  }

  @Test
  void manyTagsAreReadFromManyFields() {
    assertThat(Validators.isKnown(List.of("\"a\"", "W/\"b\", \"v1\""), Validators.weakTag("v1")))
        .isTrue();
    assertThat(Validators.isKnown(List.of("\"a\", ".repeat(5_000)), Validators.weakTag("v1")))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mon, 02 Nov 2026 09:00:00 GMT",
        "Monday, 02-Nov-26 09:00:00 GMT",
        "Mon Nov  2 09:00:00 2026",
      })
  void aDateIsReadInAllThreeForms(String text) {
    Instant nine = Instant.parse("2026-11-02T09:00:00.9Z");

    assertThat(Validators.isDateOf(List.of(text), nine)).isTrue();
    assertThat(Validators.isDateOf(List.of(text), nine.plusSeconds(1))).isFalse();
    assertThat(Validators.isDateOf(List.of(text, text), nine)).isFalse();
    assertThat(Validators.isDateOf(List.of(text + "x"), nine)).isFalse();
  }

  @Test
  void daysOfDatesHaveTwoDigits() {
    assertThat(Validators.date(Instant.parse("2026-11-02T09:00:00.9Z")))
        .isEqualTo("Mon, 02 Nov 2026 09:00:00 GMT");
  }
}
