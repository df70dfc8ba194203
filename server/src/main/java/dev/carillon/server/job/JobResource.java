package dev.carillon.server.job;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.http.Validators;
import dev.carillon.server.security.Role;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.job.JobFilter;
import dev.carillon.view.job.JobPage;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobStatus;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/jobs}: how far scan jobs are, and how fresh that is. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Jobs")
public final class JobResource {

  /** The parameter that has jobs counted for the answer. */
  static final String REAL_TIME = "real_time";

  private static final String REAL_TIME_MEANS = "true: count, instead of asking the view; false";
  private static final String CACHE_CONTROL_MEANS =
      "no-cache: count; max-age=N: count if the answer is older than N s; max-stale=M: or N + M s;"
          + " min-fresh=N: count if it will be older than slo_ms within N s; only-if-cached: 504"
          + " rather than count";

  private static final String STATUS = "status";
  private static final String BUCKET = "bucket";
  private static final String STATUS_ALLOWED =
      "one or more of listing, processing, completed, failed and aborted, with commas between them";
  private static final String BUCKET_ALLOWED = "the name of a bucket";

  /** For callers, not for caches that many share; a second old is as good as new. */
  private static final String CACHE_CONTROL = "private, max-age=1, stale-while-revalidate=5";

  /** One who logs in as somebody else does not get what the browser kept of the first. */
  private static final String VARY = "Authorization, X-Api-Key";

  /** A page of jobs, the newest first. */
  @JsonNaming(SnakeCaseStrategy.class)
  record JobList(List<JobView> jobs, @Nullable String nextCursor, boolean hasMore) {}

  private final JobAnswers answers;

  /** The resource. */
  public JobResource(JobAnswers answers) {
    this.answers = answers;
  }

  /** Reads a job. */
  @GET
  @Path("/{id}")
  @Operation(
      summary = "How far a job is, from the view, or counted where the view cannot answer",
      description =
          "The answer says which it was, how old it is, and whether it is exact. One that was"
              + " counted may be followed by one that is older, from the view: as_of tells, and"
              + " Cache-Control: max-age=N bounds it.")
  @Parameter(name = REAL_TIME, in = ParameterIn.QUERY, description = REAL_TIME_MEANS)
  @Parameter(
      name = HttpHeaders.CACHE_CONTROL,
      in = ParameterIn.HEADER,
      description = CACHE_CONTROL_MEANS)
  @APIResponse(
      responseCode = "200",
      description = "The job",
      content = @Content(schema = @Schema(implementation = JobView.class)))
  @APIResponse(responseCode = "304", description = "As If-None-Match has it")
  @APIResponse(responseCode = "504", description = "only-if-cached, and it would be counted")
  public RestResponse<JobView> read(
      @PathParam("id") String id, @Context UriInfo uri, @Context HttpHeaders headers) {
    QueryFields query = new QueryFields(uri, Set.of(REAL_TIME));
    Tolerance tolerance = tolerance(query, headers);
    query.check();
    JobReading reading = answers.read(PathIds.parse(id), tolerance);
    String tag = Validators.weakTag(JobVersion.of(reading));
    boolean known = isKnown(headers, tag, JobVersion.date(reading));
    return answer(known ? null : JobView.of(reading), tag, Optional.of(reading.freshness()));
  }

  /** Lists jobs. */
  @GET
  @Operation(
      summary = "List jobs, the newest first, and how far each is",
      description =
          "A page that is counted has at most 50 jobs. One of some statuses may have fewer than"
              + " limit, or none, though there are more: only has_more and next_cursor tell.")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  @Parameter(name = STATUS, in = ParameterIn.QUERY, description = STATUS_ALLOWED)
  @Parameter(name = BUCKET, in = ParameterIn.QUERY, description = BUCKET_ALLOWED)
  @Parameter(name = REAL_TIME, in = ParameterIn.QUERY, description = REAL_TIME_MEANS)
  @Parameter(
      name = HttpHeaders.CACHE_CONTROL,
      in = ParameterIn.HEADER,
      description = CACHE_CONTROL_MEANS)
  @APIResponse(
      responseCode = "200",
      description = "The jobs",
      content = @Content(schema = @Schema(implementation = JobList.class)))
  @APIResponse(responseCode = "304", description = "As If-None-Match has it")
  @APIResponse(responseCode = "504", description = "only-if-cached, and one would be counted")
  public RestResponse<JobList> list(@Context UriInfo uri, @Context HttpHeaders headers) {
    QueryFields query =
        new QueryFields(
            uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR, REAL_TIME, STATUS, BUCKET));
    Tolerance tolerance = tolerance(query, headers);
    int limit = query.limit();
    JobPage.Cursor after =
        query.optional(QueryFields.CURSOR, "the next_cursor of the page before", JobCursor::parse);
    JobFilter filter = filter(query);
    query.check();
    JobPage page = answers.page(after, limit, filter, tolerance);
    String next = page.next() == null ? null : JobCursor.text(page.next());
    String tag =
        Validators.weakTag(JobVersion.of(page.jobs(), Objects.requireNonNullElse(next, "")));
    Optional<Freshness> oldest =
        page.jobs().stream().map(JobReading::freshness).min(Comparator.comparing(Freshness::asOf));
    return answer(
        isKnown(headers, tag, null)
            ? null
            : new JobList(page.jobs().stream().map(JobView::of).toList(), next, next != null),
        tag,
        oldest);
  }

  private static Tolerance tolerance(QueryFields query, HttpHeaders headers) {
    Boolean realTime = query.optional(REAL_TIME, "true or false", JobResource::flag);
    return Tolerance.of(
        headers.getRequestHeader(HttpHeaders.CACHE_CONTROL), Boolean.TRUE.equals(realTime));
  }

  private static Optional<Boolean> flag(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static JobFilter filter(QueryFields query) {
    Set<JobStatus> statuses = query.optional(STATUS, STATUS_ALLOWED, JobResource::statuses);
    String bucket =
        query.optional(
            BUCKET, BUCKET_ALLOWED, text -> Optional.of(text).filter(JobFilter::isBucket));
    return new JobFilter(bucket, statuses == null ? Set.of() : statuses);
  }

  private static Optional<Set<JobStatus>> statuses(String text) {
    List<Optional<JobStatus>> each =
        Arrays.stream(text.split(",", -1)).map(String::strip).map(JobStatus::find).toList();
    return each.stream().allMatch(Optional::isPresent)
        ? Optional.of(each.stream().flatMap(Optional::stream).collect(Collectors.toSet()))
        : Optional.empty();
  }

  /**
   * Whether the caller has this answer already. With an {@code If-None-Match} the date does not
   * count (RFC 9110, section 13.1.3).
   *
   * @param date the date that tells it from others; null if none does
   */
  private static boolean isKnown(HttpHeaders headers, String tag, @Nullable Instant date) {
    List<String> tags = headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH);
    if (!tags.isEmpty()) {
      return Validators.isKnown(tags, tag);
    }
    return date != null
        && Validators.isDateOf(headers.getRequestHeader(HttpHeaders.IF_MODIFIED_SINCE), date);
  }

  /**
   * An answer with what its headers say of it.
   *
   * @param body null if the caller has it already
   */
  private static <T> RestResponse<T> answer(
      @Nullable T body, String tag, Optional<Freshness> freshness) {
    RestResponse.ResponseBuilder<T> response =
        body == null
            ? RestResponse.ResponseBuilder.notModified()
            : RestResponse.ResponseBuilder.ok(body);
    response
        .header(HttpHeaders.ETAG, tag)
        .header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
        .header(HttpHeaders.VARY, VARY);
    freshness.ifPresent(known ->
        response
            .header(HttpHeaders.LAST_MODIFIED, Validators.date(known.asOf()))
            .header("Age", Long.toString(known.lag().toSeconds())));
    return response.build();
  }
}
