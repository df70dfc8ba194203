package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.drain.DrainAlarm;
import dev.carillon.refresh.drain.DrainLog;
import dev.carillon.refresh.drain.PastDrain;
import dev.carillon.refresh.record.Failures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises and clears the alarms of a source's drains, and logs either. One thread looks, any may ask
 * for what was seen.
 */
final class RefreshWatch {

  /** How often it is looked. */
  static final Duration EVERY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(RefreshWatch.class);

  private final String source;
  private final Failures failures;
  private final DrainLog drains;
  private final InstantSource clock;
  private final Instant since;
  private @Nullable Instant crowdedSince;
  private volatile Set<DrainAlarm> alarms = Set.of();

  RefreshWatch(String source, Jdbi jdbi, InstantSource clock) {
    this.source = requireNonNull(source, "source is null");
    this.failures = new Failures(jdbi);
    this.drains = new DrainLog(jdbi);
    this.clock = requireNonNull(clock, "clock is null");
    this.since = clock.instant();
  }

  /** The alarms that were raised when it was looked last. */
  Set<DrainAlarm> alarms() {
    return alarms;
  }

  /**
   * Looks. If the database does not answer, the alarms stay as they are: that is told elsewhere.
   *
   * @param waiting how many requests wait; null if nobody knows
   */
  void look(@Nullable Long waiting) {
    Instant now = clock.instant();
    if (waiting != null) {
      crowdedSince = crowded(waiting, now);
    }
    try {
      List<PastDrain> last = drains.last(source, 1);
      int failed = failures.countSince(source, now.minus(DrainAlarm.FAILURES_WITHIN));
      tell(
          DrainAlarm.raised(
              new DrainAlarm.Seen(
                  failed, last.isEmpty() ? null : last.getFirst(), since, crowdedSince),
              now));
    } catch (RuntimeException e) {
      LOG.warn("the drains of {} cannot be watched: {}", source, e.getClass().getSimpleName());
    }
  }

  private @Nullable Instant crowded(long waiting, Instant now) {
    if (waiting <= DrainAlarm.MOST_WAITING) {
      return null;
    }
    return crowdedSince == null ? now : crowdedSince;
  }

  private void tell(Set<DrainAlarm> seen) {
    Set<DrainAlarm> before = alarms;
    alarms = Set.copyOf(seen);
    for (DrainAlarm alarm : EnumSet.allOf(DrainAlarm.class)) {
      if (seen.contains(alarm) && !before.contains(alarm)) {
        LOG.warn("alarm for {}: {}", source, words(alarm));
      } else if (!seen.contains(alarm) && before.contains(alarm)) {
        LOG.info("alarm for {} is over: {}", source, words(alarm));
      }
    }
  }

  private static String words(DrainAlarm alarm) {
    return switch (alarm) {
      case FAILURES ->
          "more than %d calls failed within %d minutes"
              .formatted(DrainAlarm.MOST_FAILURES, DrainAlarm.FAILURES_WITHIN.toMinutes());
      case BROKEN -> "the last drain could not call the source, or reach a store";
      case NO_DRAIN ->
          "no drain has begun for %d minutes".formatted(DrainAlarm.LONGEST_BREAK.toMinutes());
      case LONG_DRAIN ->
          "a drain takes more than %d s".formatted(DrainAlarm.LONGEST_DRAIN.toSeconds());
      case CROWDED ->
          "more than %d requests have waited for %d minutes"
              .formatted(DrainAlarm.MOST_WAITING, DrainAlarm.CROWDED_FOR.toMinutes());
    };
  }

  /** An alarm as JSON and metrics have it. */
  static String word(DrainAlarm alarm) {
    return alarm.name().toLowerCase(Locale.ROOT);
  }
}
