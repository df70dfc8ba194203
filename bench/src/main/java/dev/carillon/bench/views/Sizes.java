package dev.carillon.bench.views;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How much of everything.
 *
 * @param objects of the largest database
 * @param changes before the view is brought up to date
 * @param samples how often a read is timed
 * @param rounds of everything else
 * @param clients that write at once
 * @param slice how long they write in a round
 */
public record Sizes(
    long objects, int changes, int samples, int rounds, int clients, Duration slice) {

  private static final List<Long> SMALLER = List.of(100_000L, 1_000_000L);
  private static final List<Integer> SWEEP = List.of(1_000, 10_000, 100_000, 1_000_000);

  public Sizes {
    if (changes < JobData.JOBS || samples < 1 || rounds < 1 || clients < 1) {
      throw new IllegalArgumentException("at least 10 changes, and one of all else are needed");
    }
    if (objects < changes || objects < JobData.JOBS * (long) clients) {
      throw new IllegalArgumentException(
          "--objects must be at least --changes, and ten for each client");
    }
  }

  /** The sizes of databases that jobs are read in, the smallest first. */
  List<Long> readIn() {
    return LongStream.concat(
            SMALLER.stream().mapToLong(Long::longValue).filter(size -> size < objects),
            LongStream.of(objects))
        .boxed()
        .toList();
  }

  /** After how many changes the view is brought up to date in turn. */
  List<Integer> sweep() {
    return SWEEP.stream().filter(count -> count <= objects).toList();
  }

  /** How many objects the job has that clients write to. */
  int hotObjects() {
    return Math.toIntExact(Math.min(JobData.MOST_HOT, objects / JobData.JOBS));
  }
}
