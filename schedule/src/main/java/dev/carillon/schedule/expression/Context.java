package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.LocalTimes;
import dev.carillon.time.Occurrence;
import dev.carillon.time.OverlapPolicy;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where and within what bounds an expression is evaluated.
 *
 * @param clock the zones' rules, and what becomes of times that they skip or repeat
 * @param zone whose wall clock the expression means
 * @param dtstart the local time that a rate or an rrule is counted from; null for the start's
 * @param start the first instant that may fire; null for none. A rate or an rrule needs this or
 *     {@code dtstart}. An {@code at} ignores it
 * @param end the last instant that may fire; null for none. An {@code at} ignores it
 * @param excluded local dates in the zone on which nothing fires: it is the nominal date that
 *     counts
 */
public record Context(
    WallClock clock,
    ZoneId zone,
    @Nullable LocalDateTime dtstart,
    @Nullable Instant start,
    @Nullable Instant end,
    Set<LocalDate> excluded) {

  /** The last instant at which anything fires: years have four digits. */
  public static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  public Context {
    requireNonNull(clock, "clock is null");
    requireNonNull(zone, "zone is null");
    excluded = Set.copyOf(excluded);
  }

  /** A context without start, end and excluded dates, with an expression's default policies. */
  public static Context of(Expression expression, TimeZones zones, ZoneId zone) {
    WallClock clock = new WallClock(zones, expression.defaultGap(), expression.defaultOverlap());
    return new Context(clock, zone, null, null, null, Set.of());
  }

  /** The same with other policies; null keeps the one there is. */
  public Context with(@Nullable GapPolicy gap, @Nullable OverlapPolicy overlap) {
    WallClock changed =
        new WallClock(
            clock.zones(),
            gap == null ? clock.gap() : gap,
            overlap == null ? clock.overlap() : overlap);
    return new Context(changed, zone, dtstart, start, end, excluded);
  }

  /** The same, counted from a local time. */
  public Context countedFrom(LocalDateTime local) {
    return new Context(clock, zone, local, start, end, excluded);
  }

  /** The same with a start. */
  public Context startingAt(Instant first) {
    return new Context(clock, zone, dtstart, first, end, excluded);
  }

  /** The same with an end. */
  public Context endingAt(Instant last) {
    return new Context(clock, zone, dtstart, start, last, excluded);
  }

  /** The same without some dates. */
  public Context without(Set<LocalDate> dates) {
    return new Context(clock, zone, dtstart, start, end, dates);
  }

  /** The same without start and end. */
  Context unbounded() {
    return new Context(clock, zone, null, null, null, excluded);
  }

  /**
   * The first of some local times strictly after an instant; {@code none} says why there is none.
   */
  Firing next(LocalTimes times, Instant after, String none) {
    Instant from = firstAfter(after);
    if (from.isAfter(lastInstant())) {
      return ended();
    }
    LocalTimes left = excluded.isEmpty() ? times : new LeftTimes(times, excluded);
    Occurrence next = clock.next(left, zone, from).orElse(null);
    if (next == null) {
      return new Firing.Never(none);
    }
    return next.instant().isAfter(lastInstant()) ? ended() : new Firing.At(next);
  }

  /** The first whole second after an instant that is not before the start. */
  Instant firstAfter(Instant after) {
    if (!after.isBefore(LAST)) {
      return LAST.plusSeconds(1);
    }
    Instant from = after.isBefore(EARLIEST) ? EARLIEST : wholeSecond(after).plusSeconds(1);
    return start == null || !start.isAfter(from) ? from : start;
  }

  Instant lastInstant() {
    return end == null || end.isAfter(LAST) ? LAST : end;
  }

  Firing.Never ended() {
    return new Firing.Never(
        end == null ? "Nothing fires after " + LAST + "." : "The schedule ends at " + end + ".");
  }

  /** The local time that an rrule is counted from; null if there is none. */
  @Nullable LocalDateTime firstLocal() {
    if (dtstart != null || start == null) {
      return dtstart;
    }
    return LocalDateTime.ofInstant(wholeSecond(start), clock.zones().rules(zone).getOffset(start));
  }

  private static Instant wholeSecond(Instant instant) {
    return Instant.ofEpochSecond(instant.getEpochSecond());
  }
}
