package dev.carillon.schedule.expression;

import dev.carillon.time.LocalTimes;
import java.time.LocalDate;
import java.util.Set;

/** The local times that are left when those of some dates are taken away. */
record LeftTimes(LocalTimes times, Set<LocalDate> excluded) implements LocalTimes {

  private static final int SECONDS_PER_DAY = 86_400;

  @Override
  public long ceiling(long localSecond) {
    long next = times.ceiling(localSecond);
    // Each round leaves one excluded date behind.
    while (next != NONE && excluded.contains(dateOf(next))) {
      next = times.ceiling((Math.floorDiv(next, SECONDS_PER_DAY) + 1) * SECONDS_PER_DAY);
    }
    return next;
  }

  private static LocalDate dateOf(long localSecond) {
    return LocalDate.ofEpochDay(Math.floorDiv(localSecond, SECONDS_PER_DAY));
  }
}
