package dev.carillon.view.catalog;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a view is older than it may be, or nobody knows: what the alarm goes by. A view whose
 * refresher is dead does not say that it is stale, so that missing proof counts as much as age.
 *
 * @param verdict what it is
 * @param reason the same for people
 */
public record Staleness(Verdict verdict, String reason) {

  /** After so many intervals without proof of freshness a view counts as stale. */
  public static final int PERIODS_WITHOUT_PROOF = 3;

  /**
   * How often it is noted of a view that is kept by captured changes that it is proven: such a view
   * follows its tables by itself, whatever its interval.
   */
  public static final Duration PROOF_EVERY = Duration.ofSeconds(10);

  /** What a view is. */
  public enum Verdict {
    /** As fresh as it should be. */
    FRESH,
    /** Older than its objective. */
    LATE,
    /** Not known to be fresh for {@link #PERIODS_WITHOUT_PROOF} intervals. */
    UNPROVEN
  }

  public Staleness {
    requireNonNull(verdict, "verdict is null");
    requireNonNull(reason, "reason is null");
  }

  /** Whether it is an alarm. */
  public boolean stale() {
    return verdict != Verdict.FRESH;
  }

  /**
   * Judges a view.
   *
   * @param asOf what was committed before then is in it; null if it was never filled
   * @param provenAt when it was last known to be as fresh as it says; null if never
   * @param now the database's time
   */
  public static Staleness of(
      RegisteredView view, @Nullable Instant asOf, @Nullable Instant provenAt, Instant now) {
    Duration period = period(view);
    Duration proof = period.multipliedBy(PERIODS_WITHOUT_PROOF);
    Instant proven = provenAt == null ? view.createdAt() : provenAt;
    Duration lag = Duration.between(asOf == null ? view.createdAt() : asOf, now);
    if (lag.compareTo(view.objective()) > 0) {
      return new Staleness(Verdict.LATE, late(view, asOf, lag));
    }
    if (Duration.between(proven, now).compareTo(proof) > 0) {
      return new Staleness(
          Verdict.UNPROVEN,
          "nothing has proved it fresh since %s, longer than %d intervals of %s"
              .formatted(proven, PERIODS_WITHOUT_PROOF, period));
    }
    return new Staleness(Verdict.FRESH, "it is no older than its objective");
  }

  private static Duration period(RegisteredView view) {
    boolean byItself = view.tier() != Tier.FULL && view.interval().compareTo(PROOF_EVERY) < 0;
    return byItself ? PROOF_EVERY : view.interval();
  }

  private static String late(RegisteredView view, @Nullable Instant asOf, Duration lag) {
    return asOf == null
        ? "it has never been filled since it was registered at " + view.createdAt()
        : "it is %s old, more than its objective of %s"
            .formatted(lag.truncatedTo(ChronoUnit.MILLIS), view.objective());
  }
}
