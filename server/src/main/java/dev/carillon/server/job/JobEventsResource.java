package dev.carillon.server.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.security.Role;
import dev.carillon.view.job.JobReading;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/jobs/{id}/events}: how far a job is, told whenever that changes. */
@Path("/v1/jobs/{id}/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Jobs")
public final class JobEventsResource {

  private final JobAnswers answers;
  private final JobFeed feed;
  private final ObjectMapper mapper;

  /** The resource. */
  public JobEventsResource(JobAnswers answers, JobFeed feed, ObjectMapper mapper) {
    this.answers = answers;
    this.feed = feed;
    this.mapper = mapper;
  }

  /** Streams a job's states. */
  @GET
  @Operation(
      summary = "How far a job is, as server-sent events: state, progress and end",
      description =
          "state has the job as GET /v1/jobs/{id} does, at once and whenever it changes; its id is"
              + " the version. progress says up to when nothing has changed. end is the last: the"
              + " job is done, or gone. Who comes back with the Last-Event-ID of a job that is done"
              + " gets 204, which tells a browser to stay away.")
  @APIResponse(
      responseCode = "200",
      description = "The stream; this is the data of its first event",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(implementation = JobView.class)))
  @APIResponse(responseCode = "204", description = "The caller has the last state already")
  @APIResponse(responseCode = "503", description = "As many watch as may")
  public RestResponse<StreamingOutput> events(
      @PathParam("id") String id,
      @HeaderParam("Last-Event-ID") @Nullable String lastId,
      @Context UriInfo uri,
      @Context RoutingContext request) {
    new QueryFields(uri, Set.of()).check();
    UUID job = PathIds.parse(id);
    JobReading first = answers.read(job, Tolerance.ANY);
    if (first.progress().status().isDone() && JobVersion.of(first).equals(lastId)) {
      return RestResponse.noContent();
    }
    return new EventAnswer(feed, request)
        .of(job, (subscription, out) -> new EventStream(subscription, out, mapper).write(first));
  }
}
