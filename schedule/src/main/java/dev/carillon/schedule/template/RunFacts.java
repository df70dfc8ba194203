package dev.carillon.schedule.template;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Attempt;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/**
 * What is known of an attempt at a firing, in the words that are told to the outside.
 *
 * @param schedule whose
 * @param order which nominal time, and why
 * @param attempt which try
 */
public record RunFacts(Schedule schedule, RunOrder order, Attempt attempt) {

  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ISO_LOCAL_DATE_TIME;

  public RunFacts {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(order, "order is null");
    requireNonNull(attempt, "attempt is null");
  }

  /** The run's id, the same over all its attempts. */
  public UUID run() {
    return attempt.event().id();
  }

  /** The nominal time in UTC, whole seconds as EventBridge Scheduler has: 2026-01-01T09:00:00Z. */
  public String scheduledTime() {
    return local(LocalDateTime.ofInstant(order.nominalAt(), ZoneOffset.UTC)) + 'Z';
  }

  /** The nominal time on the schedule's wall clock, in whole seconds. */
  public String scheduledLocalTime() {
    return local(order.nominalLocal());
  }

  /** The zone of that wall clock. */
  public String zone() {
    return order.zone().getId();
  }

  /** The schedule's group. */
  public String group() {
    return schedule.definition().group();
  }

  /** The schedule's name. */
  public String name() {
    return schedule.definition().name();
  }

  /** What stands for the schedule where others have an ARN. */
  public String arn() {
    return "arn:carillon:schedule:%s/%s".formatted(group(), name());
  }

  /** Why it was planned: {@code scheduled}, {@code catch_up}, {@code backfill}, {@code manual}. */
  public String kind() {
    return order.kind().name().toLowerCase(Locale.ROOT);
  }

  /** When the run was due: the nominal time and its jitter, or when someone asked for it. */
  public Instant due() {
    return attempt.event().at().instant();
  }

  /** How long after that this attempt began, in whole seconds. */
  public long latenessSeconds() {
    return attempt.lateness().toSeconds();
  }

  private static String local(LocalDateTime time) {
    return LOCAL.format(time.truncatedTo(ChronoUnit.SECONDS));
  }
}
