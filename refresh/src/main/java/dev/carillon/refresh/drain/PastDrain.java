package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A drain that ran, or runs.
 *
 * @param id later ones have higher numbers
 * @param source whose requests
 * @param startedAt when it began
 * @param endedAt when it ended; null while it runs, and if its process was killed
 * @param ended why it ended; null likewise
 * @param detail the same for people; null if there is no more to say
 * @param processed the requests that were done
 * @param failed those of them that failed
 * @param dropped the requests whose records were fresh enough
 * @param calls how often the source was called
 * @param callsPerSecond the same, by the time from the first call to the last
 */
public record PastDrain(
    long id,
    String source,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Ended ended,
    @Nullable String detail,
    long processed,
    long failed,
    long dropped,
    long calls,
    double callsPerSecond) {

  public PastDrain {
    requireNonNull(source, "source is null");
    requireNonNull(startedAt, "startedAt is null");
  }
}
