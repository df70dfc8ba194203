package dev.carillon.webhook.traffic;

import java.time.Duration;

/**
 * How many attempts ended lately: in the last half to whole second. Times are of {@link
 * System#nanoTime()}. Not safe for use by many threads.
 */
final class Turnover {

  private static final long SPAN = Duration.ofMillis(500).toNanos();

  private long began;
  private int before;
  private int now;

  Turnover(long time) {
    began = time;
  }

  /** One more ended. */
  void add(long time) {
    advance(time);
    now++;
  }

  /** How many ended lately. */
  int recent(long time) {
    advance(time);
    return before + now;
  }

  private void advance(long time) {
    long spans = (time - began) / SPAN;
    if (spans > 0) {
      before = spans == 1 ? now : 0;
      now = 0;
      began += spans * SPAN;
    }
  }
}
