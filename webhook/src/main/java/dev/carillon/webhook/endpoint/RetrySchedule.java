package dev.carillon.webhook.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** When a message that an endpoint did not take is sent again, as data. */
public sealed interface RetrySchedule {

  /** 1 s, 2 s, 4 s ... to an hour, 16 attempts: what an endpoint has where nobody chose. */
  RetrySchedule EXPONENTIAL = new Exponential();

  /** The schedule that Standard Webhooks 1.0.0 recommends, "Deliverability and reliability". */
  RetrySchedule STANDARD_WEBHOOKS =
      new Waits(
          Stream.of("PT5S", "PT5M", "PT30M", "PT2H", "PT5H", "PT10H", "PT14H", "PT20H", "PT24H")
              .map(Duration::parse)
              .toList());

  /** Waits that double; the engine's own. */
  record Exponential() implements RetrySchedule {}

  /**
   * Waits that are written down.
   *
   * @param waits the wait after each failed attempt; after the last one nothing more is tried
   */
  record Waits(List<Duration> waits) implements RetrySchedule {

    /** The most waits of a schedule. */
    public static final int MAX_WAITS = 24;

    /** The shortest wait. */
    public static final Duration MIN_WAIT = Duration.ofSeconds(1);

    /** The longest wait. */
    public static final Duration MAX_WAIT = Duration.ofDays(7);

    public Waits {
      waits = List.copyOf(waits);
      if (waits.isEmpty() || waits.size() > MAX_WAITS) {
        throw new IllegalArgumentException(
            "a retry schedule has from 1 to %d waits, not %d".formatted(MAX_WAITS, waits.size()));
      }
      waits.forEach(Waits::require);
    }

    private static void require(Duration wait) {
      if (wait.compareTo(MIN_WAIT) < 0 || wait.compareTo(MAX_WAIT) > 0) {
        throw new IllegalArgumentException(
            "a wait is from %s to %s, not %s".formatted(MIN_WAIT, MAX_WAIT, wait));
      }
      if (wait.toNanosPart() % 1_000_000 != 0) {
        throw new IllegalArgumentException("a wait has whole milliseconds, not " + wait);
      }
    }
  }
}
