package dev.carillon.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Derives instants from wall-clock times. The only class that does: SQL never converts a local
 * time, since the database may carry another time zone database release than the JVM.
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

  /** The instant of a local time in a zone; empty if it is skipped and the policy is to skip. */
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

  /** What the zone does to a local time, in words; null where it comes exactly once. */
  public @Nullable String note(LocalDateTime local, ZoneId zone) {
    ZoneOffsetTransition transition = zones.rules(zone).getTransition(local);
    if (transition == null) {
      return null;
    }
    if (transition.isOverlap()) {
      return "%s comes twice in %s: the %s one is taken"
          .formatted(local, zone, overlap == OverlapPolicy.FIRST ? "first" : "second");
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
      case FIRST -> transition.getOffsetBefore();
      case SECOND -> transition.getOffsetAfter();
    };
  }

  private Occurrence occurrence(
      LocalDateTime nominal, ZoneId zone, LocalDateTime effective, ZoneOffset offset) {
    return new Occurrence(nominal, zone, effective.toInstant(offset), zones.version());
  }
}
