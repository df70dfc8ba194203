package dev.carillon.webhook.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * How much an endpoint is sent, by all processes together.
 *
 * @param concurrency how many messages are under way at once at most
 * @param rate how many a second; null if as many as there are
 */
public record Traffic(int concurrency, @Nullable Rate rate) {

  /** The most messages under way at once. */
  public static final int MAX_CONCURRENCY = 1_000;

  /** Where nobody chose: 100 at once, as many a second as there are. */
  public static final Traffic DEFAULT = new Traffic(100, null);

  /**
   * A token bucket.
   *
   * @param perSecond how many messages a second, sustained
   * @param burst how many at once after a quiet time
   */
  public record Rate(double perSecond, int burst) {

    /** The lowest rate: a message in 100 seconds. */
    public static final double MIN_PER_SECOND = 0.01;

    /** The highest rate. */
    public static final double MAX_PER_SECOND = 10_000;

    /** The largest burst. */
    public static final int MAX_BURST = 1_000_000;

    public Rate {
      if (!(perSecond >= MIN_PER_SECOND && perSecond <= MAX_PER_SECOND)) {
        throw new IllegalArgumentException(
            "a rate is from %s to %s a second, not %s"
                .formatted(MIN_PER_SECOND, MAX_PER_SECOND, perSecond));
      }
      if (burst < 1 || burst > MAX_BURST) {
        throw new IllegalArgumentException(
            "a burst is from 1 to %d, not %d".formatted(MAX_BURST, burst));
      }
    }

    /** A rate whose burst is what a second allows, and at least one. */
    public static Rate of(double perSecond) {
      return new Rate(perSecond, (int) Math.max(1, Math.ceil(perSecond)));
    }
  }

  public Traffic {
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      throw new IllegalArgumentException(
          "concurrency is from 1 to %d, not %d".formatted(MAX_CONCURRENCY, concurrency));
    }
  }
}
