package dev.carillon.refresh.pace;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast a source is called, as all processes share it. Pure: times go in, and the state after
 * comes out. Calls are spaced, not counted: a bucket of thirty tokens would let 59 calls through in
 * its first second. The rate is halved and grows again by steps (AIMD: Chiu and Jain, 1989).
 *
 * <p>A limit that is no whole number is kept on average; a single second may have the next whole
 * number of calls.
 *
 * @param limit the calls a second that are never exceeded
 * @param rate the calls a second after the last slowing down; the highest of all if there was none
 * @param slowedAt when that was
 * @param nextAt the first slot that nobody has
 * @param pushed by how much slots have been moved in all, since calls left late
 * @param pausedUntil no slot is given before; null if there is no pause
 * @param pauseReason why, fit to be shown; null if there is no pause
 */
public record Tempo(
    double limit,
    double rate,
    Instant slowedAt,
    Instant nextAt,
    Duration pushed,
    @Nullable Instant pausedUntil,
    @Nullable String pauseReason) {

  /** The least and the highest limit, in calls a second. */
  public static final double MIN_LIMIT = 0.1;

  public static final double MAX_LIMIT = 1_000;

  /**
   * By this part slots are further apart than the limit wants, for the jitter between slot and
   * arrival.
   */
  public static final double HEADROOM = 0.0125;

  /**
   * Slots are given so far ahead, whoever asks: all processes together never hold more than this.
   * So a call that leaves late can still move the slots that are a second after its own.
   */
  public static final Duration AHEAD = Duration.ofMillis(350);

  /** The slowest that an upstream API can make us, in calls a second. */
  public static final double SLOWEST = 1;

  /** After how long a quiet time one more call a second is made. */
  public static final Duration QUIET = Duration.ofMinutes(1);

  /** How long a source is left alone that does not say how long. */
  public static final Duration DEFAULT_PAUSE = Duration.ofSeconds(60);

  /** The longest pause, whatever the source says. */
  public static final Duration MAX_PAUSE = Duration.ofMinutes(15);

  /** After a pause one call is made, and its answer waited for this long before the next. */
  public static final Duration PROBE = Duration.ofSeconds(1);

  /**
   * For how long another "too fast" changes nothing: the calls were made before the rate was
   * halved.
   */
  public static final Duration ONE_SLOWING = Duration.ofSeconds(1);

  /** Slots are never given further ahead: if they are, the store's clock was set back. */
  public static final Duration MAX_AHEAD = Duration.ofMinutes(15);

  private static final double MICROS_PER_SECOND = 1e6;
  private static final long NANOS_PER_MICRO = 1_000;

  public Tempo {
    requireNonNull(slowedAt, "slowedAt is null");
    requireNonNull(nextAt, "nextAt is null");
    requireNonNull(pushed, "pushed is null");
    if ((pausedUntil == null) != (pauseReason == null)) {
      throw new IllegalArgumentException("a pause must have an end and a reason");
    }
    if (!(limit >= MIN_LIMIT && limit <= MAX_LIMIT)) {
      throw new IllegalArgumentException(
          "limit must be from %s to %s calls a second, not %s"
              .formatted(MIN_LIMIT, MAX_LIMIT, limit));
    }
  }

  /** Full speed from now on. */
  public static Tempo start(double limit, Instant now) {
    return new Tempo(limit, MAX_LIMIT, now, now, Duration.ZERO, null, null);
  }

  /** The calls a second at a time: one more for each quiet minute since the last slowing down. */
  public double rateAt(Instant now) {
    long quiet = Math.max(0, Duration.between(slowedAt, now).dividedBy(QUIET));
    return Math.min(limit, rate + quiet);
  }

  /** Whether the source is paused at a time. */
  public boolean isPaused(Instant now) {
    return pausedUntil != null
        && now.isBefore(pausedUntil)
        && !pausedUntil.isAfter(now.plus(MAX_PAUSE));
  }

  /** When the next call can be made, by whoever asks at a time. */
  public Instant nextFree(Instant now) {
    Instant slot = nextAt.isAfter(now) && !isStrayed(now) ? nextAt : now;
    return pausedUntil != null && isPaused(now) && pausedUntil.isAfter(slot) ? pausedUntil : slot;
  }

  /**
   * After how long the slot comes that must not be within a second of a slot of now: the limit's
   * number of spacings.
   */
  public Duration window(Instant now) {
    return spacing(now).multipliedBy((long) Math.ceil(limit));
  }

  /** How far apart slots are at a time, in whole microseconds, as the stores keep times. */
  public Duration spacing(Instant now) {
    return Duration.of(
        (long) Math.ceil(MICROS_PER_SECOND * (1 + HEADROOM) / rateAt(now)), ChronoUnit.MICROS);
  }

  /**
   * Reserves the next slots, as far ahead as {@link #AHEAD}; none while the source is paused, and
   * only one after a pause.
   *
   * @param most how many
   * @param now the earliest slot
   */
  public Reserved reserve(int most, Instant now) {
    return reserve(most, now, 1);
  }

  /**
   * The same with more room after each slot.
   *
   * @param apart how many times their usual spacing slots are apart, 1 or more
   */
  public Reserved reserve(int most, Instant now, double apart) {
    if (isPaused(now)) {
      return new Reserved(this, List.of());
    }
    Instant first = nextFree(now);
    Instant last = now.plus(AHEAD);
    if (first.isAfter(last)) {
      return new Reserved(this, List.of());
    }
    if (pausedUntil != null) {
      Duration spacing = spacing(now);
      Instant next = first.plus(spacing.compareTo(PROBE) > 0 ? spacing : PROBE);
      return new Reserved(unpaused(next), List.of(first));
    }
    List<Instant> slots = new ArrayList<>();
    Duration spacing = Duration.of(Math.round(micros(spacing(now)) * apart), ChronoUnit.MICROS);
    Instant slot = first;
    while (slots.size() < most && !slot.isAfter(last)) {
      slots.add(slot);
      slot = slot.plus(spacing);
    }
    return new Reserved(unpaused(slot), slots);
  }

  /**
   * Slots, and the tempo after them.
   *
   * @param after the tempo, in which nobody else gets them
   * @param slots when each call may be made
   */
  public record Reserved(Tempo after, List<Instant> slots) {
    public Reserved {
      slots = List.copyOf(slots);
    }
  }

  /**
   * The same with the slots that nobody has so late as if slots had been moved by this in all; by a
   * {@link #window} at most. What was moved already is not moved again.
   */
  public Tempo pushedTo(Duration total, Instant now) {
    Duration whole = total.plusNanos(NANOS_PER_MICRO - 1).truncatedTo(ChronoUnit.MICROS);
    Duration by = whole.minus(pushed);
    if (!by.isPositive()) {
      return this;
    }
    Instant next = nextAt.plus(by.compareTo(window(now)) > 0 ? window(now) : by);
    return new Tempo(limit, rate, slowedAt, next, whole, pausedUntil, pauseReason);
  }

  /** The same with another limit; a slowing down is not forgotten. */
  public Tempo withLimit(double calls) {
    return new Tempo(calls, rate, slowedAt, nextAt, pushed, pausedUntil, pauseReason);
  }

  /** The source said that it was called too fast: half the rate, and a pause if it wants one. */
  public Tempo slowed(@Nullable Duration retryAfter, Instant now) {
    boolean isKnown = rate < limit && now.isBefore(slowedAt.plus(ONE_SLOWING));
    double half = Math.max(Math.min(SLOWEST, limit), rateAt(now) / 2);
    Tempo slower =
        isKnown ? this : new Tempo(limit, half, now, nextAt, pushed, pausedUntil, pauseReason);
    return retryAfter == null ? slower : slower.paused("it is called too fast", retryAfter, now);
  }

  /** The source is to be left alone. */
  public Tempo paused(String reason, @Nullable Duration forHowLong, Instant now) {
    Duration wanted = forHowLong == null ? DEFAULT_PAUSE : forHowLong;
    Duration capped = wanted.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : wanted;
    Instant until = now.plus(capped.isNegative() ? Duration.ZERO : capped);
    boolean isLonger = pausedUntil == null || !isPaused(now) || until.isAfter(pausedUntil);
    return isLonger
        ? new Tempo(
            limit, rate, slowedAt, nextAt, pushed, until.truncatedTo(ChronoUnit.MICROS), reason)
        : this;
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / NANOS_PER_MICRO;
  }

  private Tempo unpaused(Instant next) {
    return new Tempo(limit, rate, slowedAt, next, pushed, null, null);
  }

  private boolean isStrayed(Instant now) {
    return nextAt.isAfter(now.plus(MAX_AHEAD));
  }
}
