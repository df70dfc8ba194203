package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code rate(value unit)}: every so much elapsed time, counted from a start. A day is 24 hours,
 * whatever the clocks do: <a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html">EventBridge
 * Scheduler, rate-based schedules</a>. The value is a positive whole number; the unit is one of
 * {@code minute}, {@code hour}, {@code day} for 1 and {@code minutes}, {@code hours}, {@code days}
 * for more, as EventBridge Rules has it, one space between them and none around. Seconds are
 * Carillon's own.
 *
 * @param text the expression as it was written
 * @param period the time between two firings
 */
public record RateExpression(String text, Duration period) implements Expression {

  /** The largest value. */
  public static final int MAX_VALUE = 9_999_999;

  private static final Map<String, Duration> UNITS =
      Map.of(
          "second", Duration.ofSeconds(1),
          "minute", Duration.ofMinutes(1),
          "hour", Duration.ofHours(1),
          "day", Duration.ofDays(1));

  public RateExpression {
    requireNonNull(text, "text is null");
    if (period.compareTo(Duration.ofSeconds(1)) < 0
        || !period.equals(period.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException(
          "period is %s: whole seconds are needed".formatted(period));
    }
  }

  static RateExpression read(String text, Word body) throws Unreadable {
    List<Word> words = body.split(' ');
    Word value = words.getFirst();
    int count = value.isNumber() ? value.number() : 0;
    if (count < 1 || count > MAX_VALUE) {
      throw value.wrong(
          "The value of rate(value unit) is a whole number from 1 to %d.".formatted(MAX_VALUE));
    }
    if (words.size() != 2) {
      throw (words.size() < 2 ? body.from(value.text().length()) : words.get(2))
          .wrong(
              "rate(value unit) needs one value, one space and one unit, as in rate(5 minutes).");
    }
    return new RateExpression(text, unit(words.get(1), count).multipliedBy(count));
  }

  private static Duration unit(Word word, int count) throws Unreadable {
    boolean plural = word.text().endsWith("s");
    String singular = plural ? word.text().substring(0, word.text().length() - 1) : word.text();
    Duration unit = UNITS.get(singular);
    if (unit == null) {
      throw word.wrong("The unit is one of second(s), minute(s), hour(s) and day(s).");
    }
    if (plural != (count > 1)) {
      throw word.wrong(
          "A value of %d goes with %s.".formatted(count, count > 1 ? singular + "s" : singular));
    }
    return unit;
  }

  @Override
  public GapPolicy defaultGap() {
    return GapPolicy.SKIP;
  }

  @Override
  public Firing next(Context context, Instant after) {
    Instant anchor = anchor(context);
    if (anchor == null) {
      return new Firing.Never("A rate is counted from a start, and there is none.");
    }
    Instant next = tickFrom(anchor, context.firstAfter(after));
    while (!next.isAfter(context.lastInstant())) {
      Occurrence occurrence = occurrence(context, next);
      if (!context.excluded().contains(occurrence.local().toLocalDate())) {
        return new Firing.At(occurrence);
      }
      next = tickFrom(anchor, nextDay(context, occurrence));
    }
    return context.ended();
  }

  private static @Nullable Instant anchor(Context context) {
    LocalDateTime dtstart = context.dtstart();
    if (dtstart == null) {
      return context.start();
    }
    WallClock clock = WallClock.keeping(context.clock().zones());
    return clock.at(dtstart, context.zone()).orElseThrow().instant();
  }

  /** The first of anchor, anchor + period, anchor + 2 periods ... that is not before an instant. */
  private Instant tickFrom(Instant anchor, Instant from) {
    if (!anchor.isBefore(from)) {
      return anchor;
    }
    Duration elapsed = Duration.between(anchor, from);
    long whole =
        elapsed.toSeconds() + (elapsed.equals(elapsed.truncatedTo(ChronoUnit.SECONDS)) ? 0 : 1);
    return anchor.plusSeconds(Math.ceilDiv(whole, period.toSeconds()) * period.toSeconds());
  }

  private static Occurrence occurrence(Context context, Instant instant) {
    TimeZones zones = context.clock().zones();
    ZoneOffset offset = zones.rules(context.zone()).getOffset(instant);
    LocalDateTime local = LocalDateTime.ofInstant(instant, offset);
    return new Occurrence(local, context.zone(), instant, zones.version());
  }

  private static Instant nextDay(Context context, Occurrence excluded) {
    LocalDateTime midnight = excluded.local().toLocalDate().plusDays(1).atStartOfDay();
    WallClock clock = WallClock.keeping(context.clock().zones());
    Instant next = clock.at(midnight, context.zone()).orElseThrow().instant();
    // A day may come twice, where the date line moved: then its second midnight is behind us.
    Instant least = excluded.instant().plusSeconds(1);
    return next.isBefore(least) ? least : next;
  }
}
