package dev.carillon.server.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Pending;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fresh an answer from a view is, as JSON.
 *
 * @param dataSource cached: rows are read from the view
 * @param cacheRefreshedAt when it was brought up to date
 * @param cacheRefreshDurationMs how long that took; left out where there is no such thing
 * @param asOf what was committed before then is in the view
 * @param lagMs how long ago that is
 * @param exact whether the view is what its query gives at {@code as_of}
 * @param tier how it is kept: ledger, keyed or full
 * @param pendingChanges what was captured and not yet worked in; null if nothing captures
 * @param oldestPendingAt when the oldest of these was made
 * @param sloMs how old an answer may be
 * @param sloMet whether it is no older
 * @param reason why it is not exact
 */
@JsonNaming(SnakeCaseStrategy.class)
record FreshnessView(
    String dataSource,
    @Nullable Instant cacheRefreshedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long cacheRefreshDurationMs,
    Instant asOf,
    long lagMs,
    boolean exact,
    @Nullable String tier,
    @Nullable Long pendingChanges,
    @Nullable Instant oldestPendingAt,
    long sloMs,
    boolean sloMet,
    @Nullable String reason) {

  static FreshnessView of(Freshness freshness) {
    Pending pending = freshness.pending();
    return new FreshnessView(
        freshness.source().word(),
        freshness.refreshedAt(),
        freshness.refreshDuration() == null ? null : freshness.refreshDuration().toMillis(),
        freshness.asOf(),
        freshness.lag().toMillis(),
        freshness.exact(),
        freshness.tier() == null ? null : freshness.tier().word(),
        pending == null ? null : pending.changes(),
        pending == null ? null : pending.oldestAt(),
        freshness.objective().toMillis(),
        freshness.objectiveMet(),
        freshness.reason());
  }
}
