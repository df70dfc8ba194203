package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.target.Outcome;
import dev.carillon.webhook.http.WebhookResponse;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          100 | -                                | retryable | -
          101 | -                                | retryable | -
          199 | -                                | retryable | -
          200 | -                                | succeeded | -
          204 | -                                | succeeded | -
          299 | -                                | succeeded | -
          200 | 60                               | succeeded | -
          300 | -                                | rejected  | -
          301 | -                                | rejected  | -
          302 | -                                | rejected  | -
          302 | 60                               | rejected  | -
          304 | -                                | rejected  | -
          307 | -                                | rejected  | -
          308 | -                                | rejected  | -
          399 | -                                | rejected  | -
          400 | -                                | rejected  | -
          401 | -                                | rejected  | -
          403 | -                                | rejected  | -
          404 | -                                | rejected  | -
          404 | 60                               | rejected  | -
          408 | -                                | retryable | -
          408 | 5                                | retryable | PT5S
          410 | -                                | rejected  | -
          410 | 60                               | rejected  | -
          413 | -                                | rejected  | -
          413 | 60                               | rejected  | -
          425 | -                                | retryable | -
          425 | 2                                | retryable | PT2S
          429 | -                                | retryable | -
          429 | 0                                | retryable | PT0S
          429 | 120                              | retryable | PT2M
          429 | ' 120 '                          | retryable | PT2M
          429 | 1.5                              | retryable | PT1.5S
          429 | 0.0000000001                     | retryable | PT0.000000001S
          429 | Sun, 22 Nov 2026 09:01:30 GMT    | retryable | PT1M30S
          429 | Sunday, 22-Nov-26 09:01:30 GMT   | retryable | PT1M30S
          429 | Sun Nov 22 09:01:30 2026         | retryable | PT1M30S
          429 | Tue Dec  1 09:00:00 2026         | retryable | PT216H
          429 | Sun, 22 Nov 2026 09:00:00 GMT    | retryable | PT0S
          429 | Sun, 22 Nov 2026 08:59:59 GMT    | retryable | -
          429 | Sun, 06 Nov 1994 08:49:37 GMT    | retryable | -
          429 | Fri, 31 Dec 9999 23:59:59 GMT    | retryable | PT8784H
          429 | 99999999999999999999999999999999 | retryable | PT8784H
          429 | soon                             | retryable | -
          429 | ''                               | retryable | -
          429 | -1                               | retryable | -
          429 | -0.5                             | retryable | -
          429 | +5                               | retryable | -
          429 | 1e3                              | retryable | -
          429 | 0x10                             | retryable | -
          429 | .5                               | retryable | -
          429 | 5.                               | retryable | -
          429 | 5 s                              | retryable | -
          429 | NaN                              | retryable | -
          429 | ٣                                | retryable | -
          429 | Sun, 32 Nov 2026 09:01:30 GMT    | retryable | -
          500 | -                                | retryable | -
          502 | -                                | retryable | -
          503 | -                                | retryable | -
          503 | 30                               | retryable | PT30S
          503 | Sun, 22 Nov 2026 10:00:00 GMT    | retryable | PT1H
          503 | later                            | retryable | -
          504 | -                                | retryable | -
          599 | -                                | retryable | -
          600 | -                                | retryable | -
          999 | -                                | retryable | -
          """)
  void theStatusDecidesAndRetryAfterDelays(
      int status, @Nullable String retryAfter, String kind, @Nullable Duration wait) {
    String reason = "HTTP " + status;
    Outcome expected =
        switch (kind) {
          case "succeeded" -> new Outcome.Succeeded();
          case "rejected" ->
              new Outcome.Rejected(
                  status < 400 ? reason + ", a redirect, which is never followed" : reason);
          case "retryable" -> new Outcome.Retryable(reason, wait, null, null);
          default -> throw new IllegalArgumentException(kind);
        };
    assertThat(ResponseRules.outcome(new WebhookResponse(status, retryAfter, ""), NOW))
        .isEqualTo(expected);
  }

  @Test
  void aHeaderLongerThanAnySensibleOneIsIgnored() {
    assertThat(RetryAfter.parse("1".repeat(65), NOW)).isNull();
    assertThat(RetryAfter.parse("1".repeat(64), NOW)).isEqualTo(RetryAfter.LONGEST);
  }

  @Nested
  class TheReason {

    @Test
    void hasTheStatusAndTheBody() {
      assertThat(reason("{\"error\":\"no such user\"}"))
          .isEqualTo("HTTP 400: {\"error\":\"no such user\"}");
    }

    @Test
    void isOneLineWithoutControlCharacters() {
      assertThat(reason("\u0000 a\r\nb\tc\u001b[31m\u202ed\u2028e\u0085f "))
          .isEqualTo("HTTP 400: a b c [31m d e f");
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 200, 201, 4096})
    void hasAtMost200CharactersOfTheBody(int length) {
      assertThat(reason("x".repeat(length)))
          .isEqualTo("HTTP 400: " + "x".repeat(Math.min(200, length)));
    }

    @Test
    void neverCutsACharacterInHalf() {
      assertThat(reason("x".repeat(199) + "🎂🎂")).isEqualTo("HTTP 400: " + "x".repeat(199));
      assertThat(reason("x".repeat(198) + "🎂🎂")).isEqualTo("HTTP 400: " + "x".repeat(198) + "🎂");
    }

    private static String reason(String body) {
      return ((Outcome.Rejected) ResponseRules.outcome(new WebhookResponse(400, null, body), NOW))
          .reason();
    }
  }
}
