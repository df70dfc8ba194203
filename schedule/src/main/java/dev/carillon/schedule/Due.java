package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a schedule is planned. What follows is always derived from {@code plannedUpTo}, never
 * from the present time; {@code next} only says when a planner must look.
 *
 * @param schedule whose
 * @param next the next nominal time; null if there is none to wait for
 * @param plannedUpTo every nominal time up to here was planned or noted as missed
 * @param plannedLocal the nominal local time that was planned last; null if there was none
 */
public record Due(
    UUID schedule,
    @Nullable Occurrence next,
    Instant plannedUpTo,
    @Nullable LocalDateTime plannedLocal) {
  public Due {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(plannedUpTo, "plannedUpTo is null");
  }
}
