package dev.carillon.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Derives instants from wall-clock times. Nothing else does, but for the {@link Stretch} it asks:
 * SQL never converts a local time, since the database may carry another time zone database release
 * than the JVM.
 *
 * @param zones the rules to derive with
 * @param gap what a skipped local time means
 * @param overlap which of two instants a repeated local time means
 */
public record WallClock(TimeZones zones, GapPolicy gap, OverlapPolicy overlap) {

  private static final Duration WHOLE_DAY = Duration.ofDays(1);

  public WallClock {
    requireNonNull(zones, "zones is null");
    requireNonNull(gap, "gap is null");
    requireNonNull(overlap, "overlap is null");
  }

  /** A clock that loses no occurrence: skipped times shift forward, repeated ones come first. */
  public static WallClock keeping(TimeZones zones) {
    return new WallClock(zones, GapPolicy.SHIFT_FORWARD, OverlapPolicy.FIRST);
  }

  /**
   * The instant of a local time in a zone; empty if it is skipped and the policy is to skip. Where
   * the time comes twice and the policy is to take both, this is the first.
   */
  public Optional<Occurrence> at(LocalDateTime local, ZoneId zone) {
    ZoneRules rules = zones.rules(zone);
    ZoneOffsetTransition transition = rules.getTransition(local);
    if (transition == null) {
      return Optional.of(occurrence(local, zone, local, rules.getOffset(local)));
    }
    if (transition.isOverlap()) {
      return Optional.of(occurrence(local, zone, local, overlapOffset(transition)));
    }
    return switch (gap) {
      case SHIFT_FORWARD ->
          Optional.of(occurrence(local, zone, local, transition.getOffsetBefore()));
      case END_OF_GAP ->
          Optional.of(
              occurrence(local, zone, transition.getDateTimeAfter(), transition.getOffsetAfter()));
      case SKIP -> Optional.empty();
    };
  }

  /**
   * The first occurrence of a set of local times at an instant or later, in the order of instants:
   * where clocks go back and both showings count, a later local time may come before an earlier
   * one. Local times that are moved to the instant of another one are one occurrence with it; the
   * one that the clocks do show gives its name. Takes a few steps, however far the next time is.
   *
   * @return empty if there is no such local time, or none that is left by the policies
   */
  public Optional<Occurrence> next(LocalTimes times, ZoneId zone, Instant from) {
    ZoneRules rules = zones.rules(zone);
    long second = Math.addExact(from.getEpochSecond(), from.getNano() > 0 ? 1 : 0);
    while (second != LocalTimes.NONE) {
      Stretch stretch = Stretch.around(rules, second);
      Stretch.Hit hit = stretch.first(times, second, this);
      if (hit != null) {
        LocalDateTime nominal = LocalDateTime.ofEpochSecond(hit.nominal(), 0, ZoneOffset.UTC);
        Instant instant = Instant.ofEpochSecond(hit.instant());
        return Optional.of(new Occurrence(nominal, zone, instant, zones.version()));
      }
      second = stretch.leap(times, rules);
    }
    return Optional.empty();
  }

  /** What the zone does to a local time, in words; null where it comes exactly once. */
  public @Nullable String note(LocalDateTime local, ZoneId zone) {
    ZoneOffsetTransition transition = zones.rules(zone).getTransition(local);
    if (transition == null) {
      return null;
    }
    if (transition.isOverlap()) {
      return "%s comes twice in %s: %s taken".formatted(local, zone, taken());
    }
    String skipped =
        transition.getDuration().compareTo(WHOLE_DAY) >= 0
            ? "the day " + local.toLocalDate()
            : local.toString();
    return switch (gap) {
      case SHIFT_FORWARD -> skipped + " does not exist in " + zone + ": moved forward by the gap";
      case END_OF_GAP -> skipped + " does not exist in " + zone + ": moved to the end of the gap";
      case SKIP -> skipped + " does not exist in " + zone + ": skipped";
    };
  }

  /** What the zone's wall clock shows at an occurrence's instant. */
  public LocalDateTime shownAt(Occurrence occurrence) {
    ZoneRules rules = zones.rules(occurrence.zone());
    return LocalDateTime.ofInstant(occurrence.instant(), rules.getOffset(occurrence.instant()));
  }

  private ZoneOffset overlapOffset(ZoneOffsetTransition transition) {
    return switch (overlap) {
      case FIRST, BOTH -> transition.getOffsetBefore();
      case SECOND -> transition.getOffsetAfter();
    };
  }

  private String taken() {
    return switch (overlap) {
      case FIRST -> "the first one is";
      case SECOND -> "the second one is";
      case BOTH -> "both are";
    };
  }

  private Occurrence occurrence(
      LocalDateTime nominal, ZoneId zone, LocalDateTime effective, ZoneOffset offset) {
    return new Occurrence(nominal, zone, effective.toInstant(offset), zones.version());
  }
}
