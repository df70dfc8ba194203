package dev.carillon.refresh.record;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.request.Priority;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fresh an answer from the database is, in the words of every fresh answer.
 *
 * @param dataSource always {@link #CACHED}: no answer waits for the source
 * @param cacheRefreshedAt when the source was asked
 * @param asOf every change up to then is in the answer
 * @param lag how long ago that is; never negative
 * @param freshUntil asking the source again before brings the same
 * @param changedAt when the record was last seen to have changed; null if it never has been found
 * @param stale whether it is older than the priority allows
 * @param staleFrom from when on it is
 */
public record Freshness(
    String dataSource,
    Instant cacheRefreshedAt,
    Instant asOf,
    Duration lag,
    Instant freshUntil,
    @Nullable Instant changedAt,
    boolean stale,
    Instant staleFrom) {

  /** Where the data of every answer comes from. */
  public static final String CACHED = "cached";

  public Freshness {
    requireNonNull(dataSource, "dataSource is null");
    requireNonNull(cacheRefreshedAt, "cacheRefreshedAt is null");
    requireNonNull(asOf, "asOf is null");
    requireNonNull(lag, "lag is null");
    requireNonNull(freshUntil, "freshUntil is null");
    requireNonNull(staleFrom, "staleFrom is null");
  }

  /** How fresh a record is at a time, for who reads it with a priority. */
  public static Freshness of(RecordState state, Priority priority, Instant now) {
    Duration lag = Duration.between(state.fetchedAt(), now);
    return new Freshness(
        CACHED,
        state.fetchedAt(),
        state.fetchedAt(),
        lag.isNegative() ? Duration.ZERO : lag,
        state.freshUntil(),
        state.changedAt(),
        !state.isFresh(priority, now),
        state.staleFrom(priority));
  }
}
