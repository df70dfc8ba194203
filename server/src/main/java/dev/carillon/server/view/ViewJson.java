package dev.carillon.server.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.catalog.ViewState;
import dev.carillon.view.registry.Standing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view as JSON.
 *
 * @param tier how it is kept: ledger, keyed or full
 * @param query what it shows
 * @param keyColumns which columns tell rows apart; none if that is not known
 * @param intervalMs how often it is brought up to date, where it is not exact by itself
 * @param objectiveMs how old an answer may be
 * @param freshness how fresh an answer is; null if it was never filled, or nothing keeps it
 * @param stale whether it is older than that, or nobody knows
 * @param staleReason why; null if it is not
 * @param failures how many attempts in a row failed to bring it up to date
 * @param lastError why the last one failed; null if it did not
 * @param retryAt when it is tried again; null likewise
 */
@JsonNaming(SnakeCaseStrategy.class)
record ViewJson(
    String name,
    String tier,
    String query,
    List<String> keyColumns,
    long intervalMs,
    long objectiveMs,
    Instant createdAt,
    @Nullable FreshnessView freshness,
    boolean stale,
    @Nullable String staleReason,
    int failures,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt,
    @Nullable Instant retryAt) {

  static ViewJson of(Standing status) {
    RegisteredView view = status.view();
    ViewState state = status.state();
    boolean stale = status.staleness().stale();
    return new ViewJson(
        status.view().name().text(),
        view.tier().word(),
        view.query(),
        view.keyColumns(),
        view.interval().toMillis(),
        view.objective().toMillis(),
        view.createdAt(),
        status.freshness() == null ? null : FreshnessView.of(status.freshness()),
        stale,
        stale ? status.staleness().reason() : null,
        state.failures(),
        state.lastError(),
        state.lastErrorAt(),
        state.retryAt());
  }
}
