package dev.carillon.server.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.security.Role;
import dev.carillon.view.job.JobReading;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/jobs/events}: how far all active jobs are, told whenever that changes. */
@Path("/v1/jobs/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Jobs")
public final class ActiveEventsResource {

  private final JobFeed feed;
  private final ObjectMapper mapper;

  /** The resource. */
  public ActiveEventsResource(JobFeed feed, ObjectMapper mapper) {
    this.feed = feed;
    this.mapper = mapper;
  }

  /** Streams the states of all active jobs. */
  @GET
  @Operation(
      summary = "How far all active jobs are, as server-sent events: jobs, state, end, progress",
      description =
          "jobs has the active ones at the beginning, the newest 500, and replaces what the caller"
              + " had: a Last-Event-ID changes nothing. state has one that has changed or begun, end"
              + " the job_id and status of one that is done or gone. progress says up to when"
              + " nothing has changed.")
  @APIResponse(
      responseCode = "200",
      description = "The stream; this is the data of its first event",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(implementation = ActiveStream.Beginning.class)))
  @APIResponse(responseCode = "503", description = "As many watch as may")
  public RestResponse<StreamingOutput> events(
      @Context UriInfo uri, @Context RoutingContext request) {
    new QueryFields(uri, Set.of()).check();
    List<JobReading> first = feed.active();
    return new EventAnswer(feed, request)
        .of(null, (subscription, out) -> new ActiveStream(subscription, out, mapper).write(first));
  }
}
