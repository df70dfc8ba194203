package dev.carillon.refresh.drain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a drain is.
 *
 * @param processed the requests that are done
 * @param failed those of them that failed
 * @param dropped the requests whose records were fresh enough
 * @param remaining how many requests wait, as it was seen last; null if the queue does not answer
 * @param callsPerSecond the calls a second since the progress before
 * @param running for how long it has been going on
 * @param pause why no calls are made at present; null if they are
 */
public record Progress(
    long processed,
    long failed,
    long dropped,
    @Nullable Long remaining,
    double callsPerSecond,
    Duration running,
    @Nullable String pause) {}
