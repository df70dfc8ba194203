package dev.carillon.server.refresh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.refresh.drain.Answered;
import dev.carillon.refresh.drain.Refreshes;
import dev.carillon.refresh.record.Freshness;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.http.Validators;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/records}: upstream records as the database has them. */
@Path("/v1/records")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Refresh")
public final class RecordResource {

  private static final double MILLIS = 1e3;

  /**
   * A record, and how fresh it is.
   *
   * @param data as the source wrote it; null if it was never fetched
   * @param dataSource always cached: no answer waits for the source; null if it was never fetched
   * @param cacheRefreshedAt when the source was asked
   * @param asOf every change up to then is in the answer
   * @param lagSeconds how long ago that is
   * @param freshUntil asking the source again before brings the same
   * @param changedAt when the record was last seen to have changed
   * @param stale whether it is older than the priority allows
   * @param staleFrom from when on it is
   * @param queued whether it is queued to be fetched again
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record RecordView(
      String source,
      String type,
      String tag,
      @Nullable JsonNode data,
      @Nullable String dataSource,
      @Nullable Instant cacheRefreshedAt,
      @Nullable Instant asOf,
      @Nullable Double lagSeconds,
      @Nullable Instant freshUntil,
      @Nullable Instant changedAt,
      boolean stale,
      @Nullable Instant staleFrom,
      boolean queued) {

    static RecordView unknown(RecordKey key) {
      return new RecordView(
          key.source(),
          key.type(),
          key.tag(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          true,
          null,
          true);
    }

    static RecordView of(Answered.Found found) {
      RecordKey key = found.key();
      Freshness freshness = found.freshness();
      return new RecordView(
          key.source(),
          key.type(),
          key.tag(),
          found.body(),
          freshness.dataSource(),
          freshness.cacheRefreshedAt(),
          freshness.asOf(),
          freshness.lag().toMillis() / MILLIS,
          freshness.freshUntil(),
          freshness.changedAt(),
          freshness.stale(),
          freshness.staleFrom(),
          found.queued());
    }
  }

  private final Refreshing refreshing;

  /** The resource. */
  public RecordResource(Refreshing refreshing) {
    this.refreshing = refreshing;
  }

  /** Reads a record: 200; 202 if it was never fetched and now will be; 404 if there is none. */
  @GET
  @Path("/{source}/{type}/{tag}")
  @Operation(
      summary = "Read a record at once, and have it fetched again if it is stale",
      description =
          "The tag is percent-encoded: %232PP. 202 with a Retry-After: it was never fetched, and"
              + " is fetched now.")
  @Parameter(
      name = RefreshInput.PRIORITY,
      in = ParameterIn.QUERY,
      description =
          "how stale it may be: critical 5 min, high 30 min, medium 2 h, low 8 h; "
              + RefreshInput.PRIORITY_USUAL)
  public RestResponse<RecordView> read(
      @PathParam("source") String source,
      @PathParam("type") String type,
      @PathParam("tag") String tag,
      @Context UriInfo uri) {
    Refreshing.Working working = NoSource.orWorking(refreshing);
    Refreshes refreshes = working.refreshes();
    QueryFields query = new QueryFields(uri, Set.of(RefreshInput.PRIORITY));
    Priority priority = query.optional(RefreshInput.PRIORITY, Priority.ALLOWED, Priority::named);
    query.check();
    RecordKey key = key(refreshes, source, type, tag);
    Answered answered =
        refreshes.read(key, priority == null ? refreshes.urgency().of(key) : priority);
    return switch (answered) {
      case Answered.Found found -> found(found);
      case Answered.Missing missing -> throw missing(missing);
      case Answered.Unknown(_, boolean queued) -> unknown(working, key, queued);
    };
  }

  private static RecordKey key(Refreshes refreshes, String source, String type, String tag) {
    try {
      return refreshes.key(source, type, tag);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(RefreshInput.problem(String.valueOf(e.getMessage())));
    }
  }

  private static RestResponse<RecordView> found(Answered.Found found) {
    Freshness freshness = found.freshness();
    return RestResponse.ResponseBuilder.ok(RecordView.of(found))
        .header("Age", Long.toString(freshness.lag().toSeconds()))
        .header("Last-Modified", Validators.date(freshness.cacheRefreshedAt()))
        .build();
  }

  /** Somebody waits for it: it is fetched now rather than when the schedule comes. */
  private static RestResponse<RecordView> unknown(
      Refreshing.Working working, RecordKey key, boolean queued) {
    if (!queued) {
      throw new ProblemException(
          Problem.of(503, key + " was never fetched, and cannot be queued at the moment"));
    }
    working.drains().start();
    return RestResponse.ResponseBuilder.create(
            RestResponse.Status.ACCEPTED, RecordView.unknown(key))
        .header("Retry-After", "2")
        .build();
  }

  private static ProblemException missing(Answered.Missing missing) {
    return new ProblemException(
        Problem.of(
            404,
            "%s: %s, as of %s"
                .formatted(
                    missing.key(), missing.reason(), missing.freshness().cacheRefreshedAt())));
  }
}
