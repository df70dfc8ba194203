package dev.carillon.webhook.http;

import java.time.Duration;

/** Durations as people write them. */
public final class Spans {

  private Spans() {}

  /** Such as {@code 10 s} or {@code 200 ms}. */
  public static String text(Duration span) {
    return span.toMillisPart() == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }

  /** In whole milliseconds, rounded up, at least 1: zero would mean no limit to a socket. */
  static int millis(Duration span) {
    return Math.clamp(span.plusNanos(999_999).toMillis(), 1, Integer.MAX_VALUE);
  }
}
