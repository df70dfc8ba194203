package dev.carillon.view.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Staleness.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {

  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");
  private static final ViewName NAME = new ViewName("sales");

  private static RegisteredView view(Duration interval, Duration objective) {
    return new RegisteredView(
        NAME,
        Tier.FULL,
        "SELECT 1 AS one",
        List.of("one"),
        interval,
        objective,
        NOW.minus(Duration.ofHours(1)));
  }

  private static final RegisteredView USUAL =
      view(RegisteredView.DEFAULT_INTERVAL, RegisteredView.DEFAULT_OBJECTIVE);

  @ParameterizedTest
  @CsvSource({"0, FAST", "999, FAST", "1000, NORMAL", "4999, NORMAL", "5000, SLOW", "90000, SLOW"})
  void aRefreshIsRatedByHowLongItTook(long millis, Rating rating) {
    assertThat(Rating.of(Duration.ofMillis(millis))).isEqualTo(rating);
  }

  @Test
  void aRatingIsWrittenAsPeopleReadIt() {
    assertThat(Rating.FAST.word()).isEqualTo("Fast");
  }

  @Nested
  class OfAnAnswer {

    private final Refreshed last =
        new Refreshed(NAME, NOW.minusSeconds(40), Duration.ofMillis(1_200), null, null);

    @Test
    void aFilledViewIsAsOldAsItsSnapshot() {
      Freshness freshness = Freshness.filled(last, USUAL.objective(), NOW);

      assertThat(freshness.source().word()).isEqualTo("cached");
      assertThat(freshness.refreshedAt()).isEqualTo(NOW.minusSeconds(40));
      assertThat(freshness.lag()).isEqualTo(Duration.ofSeconds(40));
      assertThat(freshness.objectiveMet()).isTrue();
    }

    @Test
    void theObjectiveIsMissedByMoreThanItself() {
      assertThat(Freshness.filled(last, Duration.ofSeconds(40), NOW).objectiveMet()).isTrue();
      assertThat(Freshness.filled(last, Duration.ofMillis(39_999), NOW).objectiveMet()).isFalse();
    }

    @Test
    void aClockThatWentBackMakesNoNegativeLag() {
      assertThat(Freshness.filled(last, USUAL.objective(), NOW.minusSeconds(90)).lag())
          .isEqualTo(Duration.ZERO);
    }

    @Test
    void aLiveCountHasNoCacheFields() {
      Freshness freshness = Freshness.live(NOW, USUAL.objective(), null);

      assertThat(freshness.source().word()).isEqualTo("real_time");
      assertThat(freshness.refreshedAt()).isNull();
      assertThat(freshness.refreshDuration()).isNull();
      assertThat(freshness.tier()).isNull();
      assertThat(freshness.exact()).isTrue();
    }

    @Test
    void aKeptViewSaysWhyItIsNotExact() {
      ViewState state = new ViewState(NAME, false, "a trigger is off", NOW, 0, null, null, null);

      Freshness freshness =
          Freshness.kept(USUAL, state, NOW, new Pending(3, NOW.minusSeconds(1)), NOW);

      assertThat(freshness.exact()).isFalse();
      assertThat(freshness.reason()).isEqualTo("a trigger is off");
      assertThat(freshness.lag()).isEqualTo(Duration.ZERO);
    }
  }

  @Nested
  class StaleAlarm {

    @Test
    void aViewWithinItsObjectiveIsFresh() {
      Instant recent = NOW.minusSeconds(70);

      assertThat(Staleness.of(USUAL, recent, recent, NOW).stale()).isFalse();
    }

    @Test
    void aViewOlderThanItsObjectiveIsLate() {
      Instant old = NOW.minusSeconds(301);

      Staleness staleness = Staleness.of(USUAL, old, old, NOW);

      assertThat(staleness.verdict()).isEqualTo(Verdict.LATE);
      assertThat(staleness.reason()).contains("PT5M1S").contains("PT5M");
    }

    @Test
    void aViewThatNothingProvesFreshIsAnAlarmBeforeItIsLate() {
      Instant silent = NOW.minusSeconds(181);

      assertThat(Staleness.of(USUAL, silent, silent, NOW).verdict()).isEqualTo(Verdict.UNPROVEN);
    }

    @Test
    void aViewThatWasNeverFilledIsLateFromItsRegistrationOn() {
      Staleness staleness = Staleness.of(USUAL, null, null, NOW);

      assertThat(staleness.verdict()).isEqualTo(Verdict.LATE);
      assertThat(staleness.reason()).contains("never");
      assertThat(Staleness.of(USUAL, null, null, USUAL.createdAt().plusSeconds(5)).stale())
          .isFalse();
    }
  }

  @Test
  void whatCannotBeDeclaredIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> view(Duration.ofMillis(99), RegisteredView.DEFAULT_OBJECTIVE))
        .withMessageContaining("interval");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> view(RegisteredView.DEFAULT_INTERVAL, Duration.ofDays(367)))
        .withMessageContaining("objective");
    assertThatIllegalArgumentException().isThrownBy(() -> new Pending(1, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ViewState(NAME, false, null, null, 0, null, null, null));
  }
}
