package dev.carillon.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.job.JobReads.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToleranceTest {

  @Test
  void whoSaysNothingTakesWhatTheViewHas() {
    assertThat(Tolerance.of(List.of(), false)).isEqualTo(Tolerance.ANY);
    assertThat(Tolerance.ANY.first()).isEqualTo(Mode.CACHED);
    assertThat(Tolerance.ANY.takes(Readings.cached(Readings.NINE, Duration.ofDays(9)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "No-Cache", "max-age=5 , no-cache", ",,no-cache=\"x\""})
  void whoWantsNoCacheGetsACount(String header) {
    assertThat(Tolerance.of(List.of(header), false).first()).isEqualTo(Mode.REAL_TIME);
    assertThat(Tolerance.of(List.of(), true).first()).isEqualTo(Mode.REAL_TIME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=5|5",
        "max-age=\"5\"|5",
        "max-age=5, max-stale=10|15",
        "max-stale=10, max-age = 5|15",
        "max-age=0|0",
        "max-age=999999999999999999|315360000",
        "max-age=99999999999999999999999|315360000",
        "max-age=000000000000000000005|5",
        "max-age=5, max-stale=99999999999999999999999|315360005",
        "max-age=5, max-age=9|5",
        "x=\"max-age=9, max-age=8\", max-age=5|5",
        "max-age=5, max-stale=|5",
        "max-age=5, max-stale=x|5",
      })
  void ageIsBoundedInSeconds(String header, long seconds) {
    assertThat(Tolerance.of(List.of(header), false).mostAge())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=5, max-stale",
        "max-stale=3",
        "max-age=x",
        "max-age=-1",
        "max-age=1.5",
        "max-age",
        "x=1,,",
        "\"",
        "no-store",
        "max-age=x, max-age=5",
        "x=\"max-age=5"
      })
  void whatBoundsNothingTakesAnyAge(String header) {
    assertThat(Tolerance.of(List.of(header), false).mostAge()).isNull();
  }

  @Test
  void anAnswerAsOldAsTheBoundWillDo() {
    Tolerance tolerance = Tolerance.of(List.of("max-age=5"), false);

    assertThat(tolerance.takes(Readings.cached(Readings.NINE, Duration.ofSeconds(5)))).isTrue();
    assertThat(tolerance.takes(Readings.cached(Readings.NINE, Duration.ofMillis(5_001)))).isFalse();
  }

  @Test
  void aStoreThatIsNotWantedIsNoWishForACount() {
    assertThat(Tolerance.of(List.of("no-store"), false)).isEqualTo(Tolerance.ANY);
    assertThat(Tolerance.of(List.of("x=\"no-cache, only-if-cached\""), false))
        .isEqualTo(Tolerance.ANY);
  }

  @Test
  void anAnswerThatIsToStayFreshMustBeYoungerThanItsObjective() {
    Tolerance tolerance = Tolerance.of(List.of("min-fresh=60"), false);

    assertThat(tolerance.takes(Readings.cached(Readings.NINE, Duration.ofMinutes(4)))).isTrue();
    assertThat(tolerance.takes(Readings.cached(Readings.NINE, Duration.ofSeconds(241)))).isFalse();
  }

  @Test
  void onlyIfCachedNeverCounts() {
    Tolerance tolerance = Tolerance.of(List.of("max-age=5", "only-if-cached"), false);

    assertThat(tolerance.onlyCached()).isTrue();
    assertThat(tolerance.first()).isEqualTo(Mode.ONLY_CACHED);
  }
}
