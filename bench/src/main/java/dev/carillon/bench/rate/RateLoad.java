package dev.carillon.bench.rate;

import java.util.Arrays;
import java.util.List;

/**
 * Who calls as fast as it may.
 *
 * @param limiter what holds it to the limit
 * @param processes how many share the limit
 */
record RateLoad(Limiter limiter, int processes) {

  /** What holds callers to the limit. */
  enum Limiter {
    /** A drain, with queue and tempo in PostgreSQL. */
    POSTGRES,
    /** A drain, with queue and tempo in Redis. */
    REDIS,
    /** A bucket4j bucket in PostgreSQL that holds a second's tokens. */
    BUCKET_30,
    /** A bucket4j bucket in PostgreSQL that holds one token. */
    BUCKET_1;

    boolean isCarillon() {
      return this == POSTGRES || this == REDIS;
    }

    String word() {
      return switch (this) {
        case POSTGRES -> "carillon-postgres";
        case REDIS -> "carillon-redis";
        case BUCKET_30 -> "bucket4j-30";
        case BUCKET_1 -> "bucket4j-1";
      };
    }
  }

  private static final List<Integer> PROCESSES = List.of(1, 2, 4);

  /**
   * Those of these limiters, or all.
   *
   * @throws IllegalArgumentException if there is none of a name
   */
  static List<RateLoad> named(List<String> only) {
    List<String> names = Arrays.stream(Limiter.values()).map(Limiter::word).toList();
    if (!names.containsAll(only)) {
      throw new IllegalArgumentException("--only has names of %s, not %s".formatted(names, only));
    }
    return Arrays.stream(Limiter.values())
        .filter(limiter -> only.isEmpty() || only.contains(limiter.word()))
        .flatMap(limiter -> PROCESSES.stream().map(count -> new RateLoad(limiter, count)))
        .toList();
  }
}
