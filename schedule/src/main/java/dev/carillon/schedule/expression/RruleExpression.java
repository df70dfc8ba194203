package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.LocalTimes;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.jspecify.annotations.Nullable;

/**
 * {@code rrule(...)}: a recurrence rule of <a
 * href="https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10">RFC 5545, section 3.3.10</a>, with
 * {@code RSCALE} and {@code SKIP} of <a href="https://www.rfc-editor.org/rfc/rfc7529">RFC 7529</a>:
 * {@code rrule(FREQ=MONTHLY;BYDAY=-1FR)}. The calendar is the Gregorian one. It is counted from a
 * local time, the context's {@code dtstart}, which fires only if the rule itself has it. Recurrence
 * happens on the wall clock; gaps and overlaps are left to the context's policies.
 *
 * @param text the expression as it was written
 * @param rule the rule without its {@code COUNT}, {@code UNTIL}, {@code RSCALE} and {@code SKIP}
 * @param count the rule's {@code COUNT}; null for none
 * @param until the rule's {@code UNTIL}
 * @param skip the rule's {@code SKIP}; {@link RruleSkip#OMIT} too if no date of it can be missing
 */
public record RruleExpression(
    String text, String rule, @Nullable Integer count, RruleUntil until, RruleSkip skip)
    implements Expression {

  /** The largest {@code COUNT}: all instances up to the wanted one have to be counted. */
  public static final int MAX_COUNT = 100_000;

  /** The largest {@code INTERVAL}. */
  public static final int MAX_INTERVAL = 10_000;

  private static final String NONE_LATER = "The rule has no later instance.";

  public RruleExpression {
    requireNonNull(text, "text is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(until, "until is null");
    requireNonNull(skip, "skip is null");
  }

  static RruleExpression read(String text, Word body) throws Unreadable {
    return RruleReader.read(text, body);
  }

  @Override
  public GapPolicy defaultGap() {
    return GapPolicy.SKIP;
  }

  @Override
  public Firing next(Context context, Instant after) {
    return walk(context).next(after);
  }

  /** {@inheritDoc} A rule with a count goes on counting from where it was. */
  @Override
  public Walk walk(Context context) {
    LocalDateTime first = context.firstLocal();
    if (first == null) {
      return _ -> new Firing.Never("An rrule is counted from a dtstart, and there is none.");
    }
    Instant last = until.lastInstant();
    Context cut = last.isBefore(context.lastInstant()) ? context.endingAt(last) : context;
    return count == null ? after -> search(cut, first).next(after) : search(cut, first);
  }

  private Walk search(Context context, LocalDateTime first) {
    RecurrenceRule read = RruleReader.rule(rule);
    if (RruleReader.isOfDates(read)) {
      LocalTimes times = limited(new RrulePeriods(read, skip, first));
      return after -> context.next(times, after, NONE_LATER);
    }
    RruleTimes times = new RruleTimes(read, first, until.lastLocal());
    LocalTimes limited = limited(times);
    return after -> {
      Firing next = context.next(limited, after, NONE_LATER);
      return next instanceof Firing.Never && times.gaveUp()
          ? new Firing.Never("The rule has no instance within the search limit.")
          : next;
    };
  }

  private LocalTimes limited(LocalTimes times) {
    LocalTimes counted = count == null ? times : new CountedTimes(times, count);
    long last = until.lastLocal().toEpochSecond(ZoneOffset.UTC);
    return from -> {
      long next = counted.ceiling(from);
      return next > last ? LocalTimes.NONE : next;
    };
  }
}
