package dev.carillon.refresh.clash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyHeadersTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max-age=60               |      | 60
          public, MAX-AGE=60       | 20   | 40
          max-age="60"             |      | 60
          max-age=60               | 90   | 0
          max-age=60, no-cache     |      | 0
          no-store                 |      | 0
          max-age=-5               |      | 0
          max-age=soon             |      | 0
          private                  |      | 0
                                   |      | 0
          max-age=99999999         |      | 86400
          max-age=9999999999999999 |      | 86400
          """)
  void anAnswerIsFreshForItsMaxAgeLessItsAge(
      @Nullable String cacheControl, @Nullable String age, long seconds) {
    assertThat(ReplyHeaders.freshUntil(reply("cache-control", cacheControl, "age", age), NOW))
        .isEqualTo(NOW.plusSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7                             | 7
          Sun, 22 Nov 2026 09:01:00 GMT | 60
          Sun, 22 Nov 2026 08:00:00 GMT | 0
          soon                          |
          -1                            |
                                        |
          """)
  void whenToComeBackIsANumberOfSecondsOrADate(@Nullable String text, @Nullable Long seconds) {
    assertThat(ReplyHeaders.retryAfter(reply("retry-after", text, "age", null), NOW))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  private static Outcome.Reply reply(
      String name, @Nullable String value, String otherName, @Nullable String other) {
    Map<String, List<String>> headers =
        Map.of(
            name, value == null ? List.of() : List.of(value),
            otherName, other == null ? List.of() : List.of(other));
    return new Outcome.Reply(200, headers, new byte[0]);
  }
}
