package dev.carillon.schedule.planning;

import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.RateExpression;
import dev.carillon.schedule.expression.RruleExpression;
import dev.carillon.schedule.expression.Walk;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The nominal times of a schedule, in order. At most one comes in any second.
 *
 * @param expression the rule
 * @param context where it is evaluated
 */
record Nominals(Expression expression, Context context) {

  /**
   * The nominal times of a schedule.
   *
   * @param closed the dates of its calendars
   */
  static Nominals of(Schedule schedule, TimeZones zones, Set<LocalDate> closed) {
    return of(schedule.definition().timing(), schedule.anchor(), zones, closed);
  }

  private static Nominals of(
      Timing timing, Instant anchor, TimeZones zones, Set<LocalDate> closed) {
    Set<LocalDate> excluded = new HashSet<>(timing.excludedDates());
    excluded.addAll(closed);
    boolean isCounted =
        timing.expression() instanceof RateExpression
            || timing.expression() instanceof RruleExpression;
    Instant start = timing.startAt() == null && isCounted ? anchor : timing.startAt();
    return new Nominals(
        timing.expression(),
        new Context(
            new WallClock(zones, timing.gap(), timing.overlap()),
            timing.zone(),
            null,
            start,
            timing.endAt(),
            excluded));
  }

  /** The first one strictly after an instant. */
  Firing after(Instant instant) {
    return expression.next(context, instant);
  }

  /** Those strictly after one instant and not after another, the first ones. */
  List<Occurrence> between(Instant after, Instant until, int most) {
    List<Occurrence> found = new ArrayList<>();
    Walk walk = expression.walk(context);
    Instant from = after;
    while (found.size() < most
        && walk.next(from) instanceof Firing.At(Occurrence next)
        && !next.instant().isAfter(until)) {
      found.add(next);
      from = next.instant();
    }
    return found;
  }

  /** How many are strictly after one instant and not after another; {@code most} if more are. */
  int count(Instant after, Instant until, int most) {
    int count = 0;
    Walk walk = expression.walk(context);
    Instant from = after;
    while (count < most
        && walk.next(from) instanceof Firing.At(Occurrence next)
        && !next.instant().isAfter(until)) {
      count++;
      from = next.instant();
    }
    return count;
  }

  /**
   * The last ones of those strictly after one instant and not after another. Looks for the second
   * from which so many are left by halving, and so at some thirty times as many, however long the
   * time between.
   */
  List<Occurrence> latest(int most, Instant after, Instant until) {
    if (count(after, until, most) < most) {
      return between(after, until, most);
    }
    long low = after.getEpochSecond();
    long high = until.getEpochSecond() + 1;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (count(Instant.ofEpochSecond(middle), until, most) < most) {
        high = middle;
      } else {
        low = middle;
      }
    }
    Instant from = Instant.ofEpochSecond(low);
    List<Occurrence> left = between(from.isBefore(after) ? after : from, until, most + 1);
    return List.copyOf(left.subList(Math.max(0, left.size() - most), left.size()));
  }
}
