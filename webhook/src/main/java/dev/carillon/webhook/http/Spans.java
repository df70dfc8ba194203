package dev.carillon.webhook.http;

import java.time.Duration;

/** Durations as people write them. */
public final class Spans {

  private Spans() {}

  /** Such as {@code 10 s} or {@code 200 ms}. */
  public static String text(Duration span) {
    return span.toMillisPart() == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }
}
