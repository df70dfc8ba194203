package dev.carillon.server.http;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Set;

/**
 * How many requests this process takes: a token bucket. Other processes have their own. Safe for
 * use by many threads.
 */
public final class Throttle {

  private static final Set<String> EXEMPT = Set.of("/health", "/metrics");

  private final Bucket bucket;

  /**
   * A throttle.
   *
   * @param rate requests a second, sustained
   * @param burst requests at once, after a quiet time
   * @param meter tells the time
   */
  public Throttle(int rate, int burst, TimeMeter meter) {
    Bandwidth limit =
        Bandwidth.builder().capacity(burst).refillGreedy(rate, Duration.ofSeconds(1)).build();
    this.bucket = Bucket.builder().addLimit(limit).withCustomTimePrecision(meter).build();
  }

  /**
   * Lets a request pass, or not.
   *
   * @return zero if it may pass; else how long to wait, in whole seconds
   */
  public Duration admit(String path) {
    if (EXEMPT.contains(path)) {
      return Duration.ZERO;
    }
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (probe.isConsumed()) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1);
  }
}
