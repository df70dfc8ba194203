package dev.carillon.server.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.server.http.Allow;
import dev.carillon.server.security.Role;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Rating;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.registry.Standing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/cache/status}: how fresh all views are, at one look. */
@Path("/v1/cache/status")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Views")
public final class CacheResource {

  private static final double MILLIS = 1e3;

  /**
   * How fresh a view is.
   *
   * @param tier how it is kept: ledger, keyed or full
   * @param refreshedAt when it was last brought up to date; null if never
   * @param stalenessSeconds how old an answer from it is; null if it was never filled
   * @param stale whether that is an alarm
   * @param reason why; null if it is not
   * @param rating Fast under a second, Normal under five, else Slow: by the last refresh
   * @param refreshes how many refreshes the last 24 hours had
   * @param failures how many of them failed
   * @param failuresInRow how many of the last
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record ViewCache(
      String view,
      String tier,
      @Nullable Instant refreshedAt,
      @Nullable Double stalenessSeconds,
      double objectiveSeconds,
      boolean exact,
      boolean stale,
      @Nullable String reason,
      @Nullable String rating,
      @Nullable Long lastDurationMs,
      @Nullable Long totalJobs,
      @Nullable Long totalObjects,
      @Nullable Long pendingChanges,
      long refreshes,
      long failures,
      int failuresInRow,
      @Nullable String lastError) {

    static ViewCache of(Standing status, RefreshCounts counts) {
      Freshness freshness = status.freshness();
      Refreshed last = status.lastRefresh();
      Rating rating = last == null ? null : last.rating();
      boolean stale = status.staleness().stale();
      return new ViewCache(
          status.view().name().text(),
          status.view().tier().word(),
          freshness == null ? null : freshness.refreshedAt(),
          freshness == null ? null : freshness.lag().toMillis() / MILLIS,
          status.view().objective().toMillis() / MILLIS,
          ViewHealth.isExact(status),
          stale,
          stale ? status.staleness().reason() : null,
          rating == null ? null : rating.word(),
          last == null || last.duration() == null ? null : last.duration().toMillis(),
          last == null ? null : last.totalJobs(),
          last == null ? null : last.totalObjects(),
          freshness == null || freshness.pending() == null ? null : freshness.pending().changes(),
          counts.refreshed(),
          counts.failed(),
          status.state().failures(),
          status.state().lastError());
    }
  }

  /** All views, and how many of them are stale. */
  record CacheStatus(List<ViewCache> views, long stale) {}

  private final Viewing viewing;

  /** The resource. */
  public CacheResource(Viewing viewing) {
    this.viewing = viewing;
  }

  /** Tells how fresh all views are. */
  @GET
  @Operation(summary = "How fresh every view is, how fast it is refreshed, and what is stale")
  public CacheStatus status() {
    var counts = viewing.counts();
    List<ViewCache> views =
        viewing.reads().list().stream()
            .map(one ->
                ViewCache.of(one, counts.getOrDefault(one.view().name(), RefreshCounts.NONE)))
            .toList();
    return new CacheStatus(views, views.stream().filter(ViewCache::stale).count());
  }
}
