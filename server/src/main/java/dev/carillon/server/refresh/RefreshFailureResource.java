package dev.carillon.server.refresh;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.refresh.record.Failure;
import dev.carillon.refresh.record.Failures;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/refresh-failures}: calls that failed; they are made again only if somebody says so.
 */
@Path("/v1/refresh-failures")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Refresh")
public final class RefreshFailureResource {

  // One digit fewer than the longest number of 64 bits.
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  /** A failure as JSON. */
  @JsonNaming(SnakeCaseStrategy.class)
  record FailureView(
      String id,
      String source,
      String type,
      String tag,
      String priority,
      String reason,
      Instant failedAt) {

    static FailureView of(Failure failure) {
      return new FailureView(
          Long.toString(failure.id()),
          failure.key().source(),
          failure.key().type(),
          failure.key().tag(),
          RefreshState.word(failure.priority()),
          failure.reason(),
          failure.failedAt());
    }
  }

  /** A page of failures, the newest first. */
  @JsonNaming(SnakeCaseStrategy.class)
  record FailurePage(List<FailureView> failures, @Nullable String nextCursor, boolean hasMore) {}

  /** How many were queued again. */
  record Redriven(int redriven) {}

  private final Refreshing refreshing;
  private final InstantSource clock;

  /** The resource. */
  public RefreshFailureResource(Refreshing refreshing, InstantSource clock) {
    this.refreshing = refreshing;
    this.clock = clock;
  }

  /** Lists failures. */
  @GET
  @Operation(summary = "List calls that failed and were not redriven, the newest first; 30 days")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public FailurePage list(@Context UriInfo uri) {
    Refreshing.Working working = NoSource.orWorking(refreshing);
    QueryFields query = new QueryFields(uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR));
    int limit = query.limit();
    Long before =
        query.optional(
            QueryFields.CURSOR, "the next_cursor of the page before", RefreshFailureResource::id);
    query.check();
    List<Failure> read =
        working
            .failures()
            .page(working.source().name(), before == null ? Failures.NEWEST : before, limit + 1);
    boolean more = read.size() > limit;
    List<FailureView> page = read.stream().limit(limit).map(FailureView::of).toList();
    return new FailurePage(page, more ? page.getLast().id() : null, more);
  }

  /** Redrives a failure. */
  @POST
  @Path("/{id}/redrive")
  @Operation(summary = "Queue a call that failed again, as if it was asked for now")
  public Redriven redrive(@PathParam("id") String id) {
    Refreshing.Working working = NoSource.orWorking(refreshing);
    long number =
        id(id)
            .orElseThrow(
                () -> new ProblemException(Problem.invalid("id", "must be a failure's number")));
    int redriven = working.failures().redrive(List.of(number), working.queue(), clock.instant());
    if (redriven == 0) {
      throw new ProblemException(
          Problem.of(404, "there is no such failure, or it was redriven before"));
    }
    return new Redriven(redriven);
  }

  private static Optional<Long> id(String text) {
    return ID.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
