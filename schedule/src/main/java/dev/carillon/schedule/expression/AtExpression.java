package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.LocalTimes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * {@code at(yyyy-mm-ddThh:mm:ss)}: once, at a local time. Without an offset or a {@code Z}: the
 * zone is the schedule's. As in EventBridge, a past time is valid and never comes, and a schedule's
 * start and end do not bound it (<a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html">EventBridge
 * Scheduler, one-time schedules</a>).
 *
 * @param text the expression as it was written
 * @param at the local time
 */
public record AtExpression(String text, LocalDateTime at) implements Expression {

  private static final Pattern FORM =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}");

  public AtExpression {
    requireNonNull(text, "text is null");
    requireNonNull(at, "at is null");
  }

  static AtExpression read(String text, Word body) throws Unreadable {
    if (!FORM.matcher(body.text()).matches()) {
      throw body.wrong(
          "at(yyyy-mm-ddThh:mm:ss) needs a local date and time such as 2026-11-22T09:00:00,"
              + " without zone or offset.");
    }
    try {
      LocalDateTime at = LocalDateTime.parse(body.text());
      if (at.getYear() >= 1) {
        return new AtExpression(text, at);
      }
      throw body.wrong("Years from 0001 to 9999 are allowed.");
    } catch (DateTimeException e) {
      throw body.wrong("There is no such date or time of day.");
    }
  }

  @Override
  public GapPolicy defaultGap() {
    return GapPolicy.SHIFT_FORWARD;
  }

  @Override
  public Firing next(Context context, Instant after) {
    long second = at.toEpochSecond(ZoneOffset.UTC);
    LocalTimes once = from -> from <= second ? second : LocalTimes.NONE;
    String none = "%s is past, skipped or excluded in %s.".formatted(at, context.zone());
    return context.unbounded().next(once, after, none);
  }
}
