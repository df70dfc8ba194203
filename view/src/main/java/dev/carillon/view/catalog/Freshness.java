package dev.carillon.view.catalog;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fresh an answer is: the same for all tiers.
 *
 * @param source where the answer comes from
 * @param tier how the view is kept; null if the answer is not from a view
 * @param refreshedAt when the view was last brought up to date; null if it is not from a view
 * @param refreshDuration how long that took; null if there was no such thing, or it is not known
 * @param asOf what was committed before then is in the answer
 * @param lag how long that is ago
 * @param exact whether the answer is what a count at {@code asOf} gives
 * @param pending what was captured and is not in the answer; null if nothing captures
 * @param objective how large the lag may be
 * @param reason why the answer is not exact, or not from the view; null if there is nothing to say
 */
public record Freshness(
    DataSource source,
    @Nullable Tier tier,
    @Nullable Instant refreshedAt,
    @Nullable Duration refreshDuration,
    Instant asOf,
    Duration lag,
    boolean exact,
    @Nullable Pending pending,
    Duration objective,
    @Nullable String reason) {

  public Freshness {
    requireNonNull(source, "source is null");
    requireNonNull(asOf, "asOf is null");
    requireNonNull(objective, "objective is null");
    if (lag.isNegative()) {
      throw new IllegalArgumentException("lag is negative: " + lag);
    }
  }

  /** Whether the answer is no older than it may be. */
  public boolean objectiveMet() {
    return lag.compareTo(objective) <= 0;
  }

  /**
   * An answer counted now.
   *
   * @param now the database's time at the count
   * @param reason why it is not from a view; null if nobody wanted it to be
   */
  public static Freshness live(Instant now, Duration objective, @Nullable String reason) {
    return new Freshness(
        DataSource.REAL_TIME, null, null, null, now, Duration.ZERO, true, null, objective, reason);
  }

  /**
   * An answer from a view that is filled whole.
   *
   * @param now the database's time at the read
   */
  public static Freshness filled(Refreshed last, Duration objective, Instant now) {
    return new Freshness(
        DataSource.CACHED,
        Tier.FULL,
        last.at(),
        last.duration(),
        last.at(),
        between(last.at(), now),
        true,
        null,
        objective,
        null);
  }

  /**
   * An answer from a view that is kept by captured changes.
   *
   * @param state whether it can be trusted
   * @param asOf what was committed before then is in the answer
   * @param pending what was captured and not yet worked in
   * @param now the database's time at the read
   */
  public static Freshness kept(
      RegisteredView view, ViewState state, Instant asOf, Pending pending, Instant now) {
    return new Freshness(
        DataSource.CACHED,
        view.tier(),
        asOf,
        null,
        asOf,
        between(asOf, now),
        state.exact(),
        pending,
        view.objective(),
        state.reason());
  }

  private static Duration between(Instant asOf, Instant now) {
    return asOf.isAfter(now) ? Duration.ZERO : Duration.between(asOf, now);
  }
}
