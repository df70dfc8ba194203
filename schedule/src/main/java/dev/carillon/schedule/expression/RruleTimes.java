package dev.carillon.schedule.expression;

import dev.carillon.time.LocalTimes;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/**
 * The local times of a recurrence rule of weeks or less, or with {@code BYWEEKNO}, found by
 * lib-recur on floating times. The library walks from the rule's start to the wanted time, and
 * stops with an error after some thousand periods without an instance. So the rule, which has no
 * count, is started anew shortly before the wanted time: a whole number of intervals later, where
 * that is a fixed number of seconds, it is the same rule. A rule of hours, minutes or seconds asks
 * the daily rule with the same dates which day to look at.
 *
 * <p>Serves one search: not for use by several threads.
 */
final class RruleTimes implements LocalTimes {

  /** The most times that a rule is started anew to get over periods without an instance. */
  static final int MAX_RESTARTS = 4_000;

  /** Fewer periods than the library takes without an instance. */
  private static final int PERIODS_PER_RESTART = 4_000;

  /** The same for a rule with {@code BYSETPOS}. */
  private static final int POSITIONED_PER_RESTART = 900;

  private static final int MILLIS = 1_000;
  private static final int SECONDS_PER_DAY = 86_400;
  private static final long END = RruleUntil.NONE.lastLocal().toEpochSecond(ZoneOffset.UTC) + 1;

  private final RecurrenceRule rule;
  private final int periodsPerRestart;
  private final @Nullable RruleTimes dates;
  private final long first;
  private final long last;
  private int restarts;
  private long asked = Long.MAX_VALUE;
  private long answer = NONE;
  private @Nullable RecurrenceRuleIterator walk;
  private boolean gaveUp;

  RruleTimes(RecurrenceRule rule, LocalDateTime first, LocalDateTime last) {
    this.rule = rule;
    this.periodsPerRestart =
        rule.hasPart(Part.BYSETPOS) ? POSITIONED_PER_RESTART : PERIODS_PER_RESTART;
    this.first = first.toEpochSecond(ZoneOffset.UTC);
    this.last = last.toEpochSecond(ZoneOffset.UTC);
    RecurrenceRule daily = RruleReader.dates(rule);
    LocalDateTime midnight = first.toLocalDate().atStartOfDay();
    this.dates = daily == null ? null : new RruleTimes(daily, midnight, last);
  }

  /** Whether a limit ended the search, so that {@link #NONE} is not the whole truth. */
  boolean gaveUp() {
    return gaveUp || (dates != null && dates.gaveUp());
  }

  @Override
  public long ceiling(long localSecond) {
    long from = Math.max(localSecond, first);
    if (from > last) {
      return NONE;
    }
    if (from < asked || from > answer) {
      answer = following(from);
      asked = from;
    }
    return answer > last ? NONE : answer;
  }

  /** The search, but for the time after the last answer, to which the library goes on. */
  private long following(long from) {
    if (walk != null && from == answer + 1) {
      try {
        return advance(walk, from);
      } catch (RuntimeException e) {
        // As in the search.
        return search(from);
      }
    }
    return search(from);
  }

  private long search(long from) {
    long period = RruleReader.period(rule.getFreq()) * rule.getInterval();
    long position = onDate(from);
    while (position < END) {
      try {
        walk = start(startBefore(position, period));
        walk.fastForward(from * MILLIS);
        return advance(walk, from);
      } catch (RuntimeException e) {
        // The library says by several exceptions: too many periods without an instance.
        if (period == 0 || ++restarts > MAX_RESTARTS) {
          return giveUp();
        }
        position = onDate(position + period * periodsPerRestart);
      }
    }
    return NONE;
  }

  /** The time, or the beginning of the first later day that the rule may have. */
  private long onDate(long position) {
    if (dates == null || position >= END) {
      return position;
    }
    return Math.max(position, dates.ceiling(position - Math.floorMod(position, SECONDS_PER_DAY)));
  }

  /** The start of the rule moved by whole intervals to before a time; a whole one before it. */
  private long startBefore(long position, long period) {
    long intervals = period == 0 ? 0 : (position - first) / period - 1;
    return first + Math.max(intervals, 0) * period;
  }

  private static long advance(RecurrenceRuleIterator instances, long from) {
    while (instances.hasNext() && instances.peekMillis() < from * MILLIS) {
      instances.nextMillis();
    }
    return instances.hasNext() ? Math.floorDiv(instances.peekMillis(), MILLIS) : NONE;
  }

  private RecurrenceRuleIterator start(long second) {
    LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    return rule.iterator(
        new DateTime(
            local.getYear(),
            local.getMonthValue() - 1,
            local.getDayOfMonth(),
            local.getHour(),
            local.getMinute(),
            local.getSecond()));
  }

  private long giveUp() {
    gaveUp = true;
    return NONE;
  }
}
