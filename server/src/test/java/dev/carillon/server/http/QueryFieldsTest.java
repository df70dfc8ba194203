package dev.carillon.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryFieldsTest {

  @Test
  void anInstantOfTheYears1900To9999IsTaken() {
    assertThat(QueryFields.instantOf("1900-01-01T01:00:00+01:00"))
        .contains(Instant.parse("1900-01-01T00:00:00Z"));
    assertThat(QueryFields.instantOf("9999-12-31T23:59:59Z"))
        .contains(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+300000-01-01T00:00:00Z",
        "-4800-01-01T00:00:00Z",
        "1899-12-31T23:59:59Z",
        "1900-01-01T00:00:00+01:00",
        "+10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "2026-01-01",
        "\u0000",
      })
  void anInstantThatTheDatabaseMayNotKnowIsRefused(String text) {
    assertThat(QueryFields.instantOf(text)).isEmpty();
  }
}
