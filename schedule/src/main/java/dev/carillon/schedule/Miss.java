package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;

/**
 * A firing that was not run.
 *
 * @param schedule whose
 * @param nominalAt when it should have been
 * @param nominalLocal the same on the schedule's wall clock
 * @param reason why it was not, for people
 * @param count how many firings it stands for, from this one on
 * @param notedAt when that was decided
 */
public record Miss(
    UUID schedule,
    Instant nominalAt,
    LocalDateTime nominalLocal,
    String reason,
    long count,
    Instant notedAt) {
  public Miss {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(nominalAt, "nominalAt is null");
    requireNonNull(nominalLocal, "nominalLocal is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(notedAt, "notedAt is null");
    if (count < 1) {
      throw new IllegalArgumentException("count is %d: at least 1 is allowed".formatted(count));
    }
  }
}
