package dev.carillon.bench.firings;

import java.time.Duration;

/**
 * How long each part of a load takes.
 *
 * @param ahead from when its schedules are written until they begin to fire
 * @param warmUp how long it runs before it counts: by then the code is compiled
 * @param time how long it counts: whole periods of its schedules
 */
public record Pace(Duration ahead, Duration warmUp, Duration time) {

  private static final Duration AHEAD = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  /** The usual one. */
  public static Pace of(Duration time) {
    return new Pace(AHEAD, WARM_UP, time);
  }
}
