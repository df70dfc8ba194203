package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.expression.Expression;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires.
 *
 * @param expression the rule
 * @param zone whose wall clock it means
 * @param gap what a time means that the clocks skip
 * @param overlap what a time means that the clocks show twice
 * @param startAt nothing fires before; null for no such bound
 * @param endAt nothing fires after; null for no such bound
 * @param excludedDates local dates on which nothing fires
 * @param calendars the names of lists of more such dates
 */
public record Timing(
    Expression expression,
    ZoneId zone,
    GapPolicy gap,
    OverlapPolicy overlap,
    @Nullable Instant startAt,
    @Nullable Instant endAt,
    Set<LocalDate> excludedDates,
    List<String> calendars) {

  /** The most excluded dates of a schedule. */
  public static final int MAX_EXCLUDED_DATES = 10_000;

  /** The most calendars of a schedule. */
  public static final int MAX_CALENDARS = 20;

  public Timing {
    requireNonNull(expression, "expression is null");
    requireNonNull(zone, "zone is null");
    requireNonNull(gap, "gap is null");
    requireNonNull(overlap, "overlap is null");
    excludedDates = Set.copyOf(excludedDates);
    calendars = List.copyOf(calendars);
    if (startAt != null && endAt != null && !startAt.isBefore(endAt)) {
      throw new IllegalArgumentException(
          "start_at %s must be before end_at %s".formatted(startAt, endAt));
    }
    if (excludedDates.size() > MAX_EXCLUDED_DATES) {
      throw new IllegalArgumentException(
          "excluded_dates has %d dates: at most %d are allowed"
              .formatted(excludedDates.size(), MAX_EXCLUDED_DATES));
    }
    if (calendars.size() > MAX_CALENDARS) {
      throw new IllegalArgumentException(
          "calendars has %d names: at most %d are allowed"
              .formatted(calendars.size(), MAX_CALENDARS));
    }
  }

  /** A rule in a zone, without bounds and with its own policies for skipped and repeated times. */
  public static Timing of(Expression expression, ZoneId zone) {
    return new Timing(
        expression,
        zone,
        expression.defaultGap(),
        expression.defaultOverlap(),
        null,
        null,
        Set.of(),
        List.of());
  }

  /** The same from one instant to another; null for no such bound. */
  public Timing between(@Nullable Instant start, @Nullable Instant end) {
    return new Timing(expression, zone, gap, overlap, start, end, excludedDates, calendars);
  }

  /** The same without the dates of some calendars. */
  public Timing without(List<String> names) {
    return new Timing(expression, zone, gap, overlap, startAt, endAt, excludedDates, names);
  }
}
