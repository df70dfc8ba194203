package dev.carillon.schedule.expression;

import dev.carillon.time.LocalTimes;

/**
 * The first so many of some local times.
 *
 * <p>Serves one search: not for use by several threads.
 */
final class CountedTimes implements LocalTimes {

  private final LocalTimes times;
  private final int count;
  private long asked = Long.MAX_VALUE;
  private int passed;
  private long current = NONE;

  CountedTimes(LocalTimes times, int count) {
    this.times = times;
    this.count = count;
  }

  @Override
  public long ceiling(long localSecond) {
    if (localSecond < asked) {
      passed = 0;
      current = times.ceiling(Long.MIN_VALUE);
    }
    asked = localSecond;
    while (passed < count && current < localSecond) {
      passed++;
      current = times.ceiling(current + 1);
    }
    return passed < count ? current : NONE;
  }
}
