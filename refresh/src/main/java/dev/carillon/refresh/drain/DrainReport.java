package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a drain did.
 *
 * @param source whose requests
 * @param changed records that came and had changed
 * @param unchanged records that came and had not
 * @param missing records that the source does not have
 * @param failed calls that came to nothing, by kind; without those of which there was none
 * @param dropped requests whose records were fresh enough
 * @param givenBack requests that were taken and stay in the queue
 * @param unwritten requests whose answers could not be written; they come back when their leases
 *     end
 * @param calls how often the source was called
 * @param callsPerSecond the same, by the time until the last call
 * @param pausedFor how long it waited because the source was to be left alone
 * @param took how long it took
 * @param ended why it ended
 * @param detail the same for people; null if there is no more to say
 * @param remaining how many requests wait now; null if the queue does not answer
 */
public record DrainReport(
    String source,
    long changed,
    long unchanged,
    long missing,
    Map<FailureKind, Long> failed,
    long dropped,
    long givenBack,
    long unwritten,
    long calls,
    double callsPerSecond,
    Duration pausedFor,
    Duration took,
    Ended ended,
    @Nullable String detail,
    @Nullable Long remaining) {

  private static final double MILLIS = 1e3;

  public DrainReport {
    requireNonNull(source, "source is null");
    requireNonNull(pausedFor, "pausedFor is null");
    requireNonNull(took, "took is null");
    requireNonNull(ended, "ended is null");
    failed = Map.copyOf(failed);
  }

  /** The requests that are done: fetched, found missing or failed. */
  public long processed() {
    return changed + unchanged + missing + failures();
  }

  /** The report in a line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "the drain of %s ended after %.1f s (%s%s): %d processed, %d of them failed, %d fresh,"
            + " %d given back, %d calls, %.2f a second, %s wait",
        source,
        took.toMillis() / MILLIS,
        ended.name().toLowerCase(Locale.ROOT),
        detail == null ? "" : ", " + detail,
        processed(),
        failures(),
        dropped,
        givenBack,
        calls,
        callsPerSecond,
        remaining == null ? "nobody knows how many" : remaining);
  }

  /** The requests that failed for good. */
  public long failures() {
    return failed.getOrDefault(FailureKind.CALL, 0L) + failed.getOrDefault(FailureKind.STORING, 0L);
  }
}
