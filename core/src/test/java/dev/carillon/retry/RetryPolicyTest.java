package dev.carillon.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final RetryPolicy POLICY =
      new RetryPolicy(100, new Backoff.Exponential(SECOND, MINUTE), Duration.ofMinutes(10));

  private final RandomGenerator random = new Random(42);

  @ParameterizedTest
  @CsvSource({
    "1,1000",
    "2,2000",
    "3,4000",
    "6,32000",
    "7,60000",
    "8,60000",
    "60,60000",
    "99,60000"
  })
  void theWaitIsDrawnFromATenthToAllOfTheDoubledBaseUpToTheCap(int attempt, long ceiling) {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 5_000; i++) {
      long wait = POLICY.waitAfter(attempt, null, random).orElseThrow().toMillis();
      least = Math.min(least, wait);
      most = Math.max(most, wait);
    }

    assertThat(least).isBetween(ceiling / 10, ceiling / 10 + ceiling / 50);
    assertThat(most).isBetween(ceiling - ceiling / 50, ceiling);
  }

  @Test
  void theWholeRangeIsReachedAndNothingBeyond() {
    RetryPolicy tiny =
        new RetryPolicy(
            9, new Backoff.Exponential(Duration.ofMillis(4), Duration.ofMillis(4)), SECOND);

    assertThat(random.ints(1_000).mapToObj(i -> tiny.waitAfter(1, null, random).orElseThrow()))
        .containsOnly(
            Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(4));
  }

  @Test
  void aBaseBelowAMillisecondStillWaitsOne() {
    RetryPolicy tiny =
        new RetryPolicy(
            9, new Backoff.Exponential(Duration.ofNanos(1), Duration.ofNanos(1)), SECOND);

    assertThat(tiny.waitAfter(1, null, random)).contains(Duration.ofMillis(1));
  }

  @Test
  void theLastAttemptIsNotFollowedByAnother() {
    RetryPolicy three = new RetryPolicy(3, new Backoff.Exponential(SECOND, MINUTE), MINUTE);

    assertThat(three.waitAfter(1, null, random)).isPresent();
    assertThat(three.waitAfter(2, null, random)).isPresent();
    assertThat(three.waitAfter(3, null, random)).isEmpty();
    assertThat(three.waitAfter(4, SECOND, random)).isEmpty();
    assertThat(
            new RetryPolicy(1, new Backoff.Exponential(SECOND, MINUTE), MINUTE)
                .waitAfter(1, null, random))
        .isEmpty();
  }

  @Nested
  class WhenTheTargetAsksForAWait {

    @Test
    void itIsNeverTriedEarlier() {
      assertThat(POLICY.waitAfter(1, MINUTE, random)).contains(MINUTE);
    }

    @Test
    void aShorterWaitThanTheScheduleIsNotTaken() {
      assertThat(POLICY.waitAfter(8, SECOND, random).orElseThrow())
          .isGreaterThanOrEqualTo(MINUTE.dividedBy(10));
    }

    @Test
    void aLongerOneThanAllowedIsCut() {
      assertThat(POLICY.waitAfter(1, Duration.ofDays(365), random))
          .contains(Duration.ofMinutes(10));
    }

    @Test
    void anAbsurdOneChangesNothing() {
      Optional<Duration> wait = POLICY.waitAfter(1, Duration.ofSeconds(-5), random);

      assertThat(wait.orElseThrow()).isBetween(SECOND.dividedBy(10), SECOND);
    }
  }

  @Test
  void theDefaultGivesUpAfterSomeHours() {
    Duration most = Duration.ZERO;
    for (int attempt = 1; attempt < RetryPolicy.DEFAULT.maxAttempts(); attempt++) {
      most = most.plus(RetryPolicy.DEFAULT.waitAfter(attempt, null, ceiling()).orElseThrow());
    }

    assertThat(RetryPolicy.DEFAULT.maxAttempts()).isEqualTo(16);
    assertThat(most).isBetween(Duration.ofHours(4), Duration.ofHours(5));
  }

  @Nested
  class WithAListOfWaits {

    private final RetryPolicy listed = RetryPolicy.listed(List.of(SECOND, MINUTE));

    @Test
    void eachIsWaitedForAndAFifthMoreAtMost() {
      assertThat(waits(1)).allMatch(wait -> within(wait, SECOND)).hasSizeGreaterThan(100);
      assertThat(waits(2)).allMatch(wait -> within(wait, MINUTE)).hasSizeGreaterThan(100);
    }

    @Test
    void anAttemptFollowsEachWaitAndNoMore() {
      assertThat(listed.maxAttempts()).isEqualTo(3);
      assertThat(listed.waitAfter(3, null, random)).isEmpty();
    }

    @Test
    void moreAttemptsThanWaitsRepeatTheLastWait() {
      assertThat(listed.withMaxAttempts(9).waitAfter(8, null, random).orElseThrow())
          .isBetween(MINUTE, MINUTE.multipliedBy(6).dividedBy(5));
    }

    @Test
    void anEmptyAListTooLongAndAnAbsurdWaitAreRefused() {
      assertThatThrownBy(() -> new Backoff.Listed(List.of())).hasMessageContaining("1 to 24");
      assertThatThrownBy(() -> new Backoff.Listed(Collections.nCopies(25, SECOND)))
          .hasMessageContaining("not 25");
      assertThatThrownBy(() -> new Backoff.Listed(List.of(Duration.ZERO)))
          .hasMessageContaining("positive");
      assertThatThrownBy(() -> new Backoff.Listed(List.of(Duration.ofDays(8))))
          .hasMessageContaining("at most");
    }

    private Set<Duration> waits(int attempt) {
      return IntStream.range(0, 1_000)
          .mapToObj(_ -> listed.waitAfter(attempt, null, random).orElseThrow())
          .collect(Collectors.toSet());
    }

    private boolean within(Duration wait, Duration least) {
      return wait.compareTo(least) >= 0 && wait.compareTo(least.multipliedBy(6).dividedBy(5)) <= 0;
    }
  }

  @Test
  void impossiblePoliciesAreRefused() {
    assertThatThrownBy(() -> new RetryPolicy(0, new Backoff.Exponential(SECOND, MINUTE), MINUTE))
        .hasMessage("maxAttempts must be from 1 to 100, not 0");
    assertThatThrownBy(
            () -> new RetryPolicy(1, new Backoff.Exponential(Duration.ZERO, MINUTE), MINUTE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetryPolicy(1, new Backoff.Exponential(MINUTE, SECOND), MINUTE))
        .hasMessageContaining("base PT1M not above cap PT1S");
    assertThatThrownBy(
            () -> new RetryPolicy(1, new Backoff.Exponential(SECOND, MINUTE), SECOND.negated()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A source that always draws the longest wait. */
  private static RandomGenerator ceiling() {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public long nextLong(long bound) {
        return 0;
      }
    };
  }
}
