package dev.carillon.server.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Filter;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/dead-letters}: events that failed for good, kept until they are redriven. */
@Path("/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Dead letters")
public final class DeadLetterResource {

  private static final Set<String> FIELDS =
      Set.of(EventPage.EVENT_TYPE, EventPage.USER_ID, EventPage.FROM);

  /** Which dead letters to redrive; without a field, all. */
  public record RedriveBody(
      @Schema(name = "event_type") String eventType,
      @Schema(name = "user_id", format = "uuid") String userId,
      @Schema(description = "failed at or after this", format = "date-time") String from) {}

  /** How many were redriven by this call; if more are left, call again. */
  public record Redriven(int redriven, boolean has_more) {}

  private final EventOperations operations;
  private final Performing performing;

  /** The resource. */
  public DeadLetterResource(EventOperations operations, Performing performing) {
    this.operations = operations;
    this.performing = performing;
  }

  /** Lists dead letters. */
  @GET
  @Operation(summary = "List dead letters, the newest first")
  @Parameter(name = EventPage.EVENT_TYPE, in = ParameterIn.QUERY)
  @Parameter(name = EventPage.USER_ID, in = ParameterIn.QUERY)
  @Parameter(name = EventPage.FROM, in = ParameterIn.QUERY, description = "due at or after this")
  @Parameter(name = EventPage.TO, in = ParameterIn.QUERY, description = "due before this")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public EventPage list(@Context UriInfo uri) {
    return EventPage.ofDead(operations, uri);
  }

  /** Redrives one dead letter. */
  @POST
  @Path("/{id}/redrive")
  @Operation(summary = "Make one dead letter due now, under its old id, with fresh attempts")
  public EventView redrive(@PathParam("id") String id) {
    UUID event = PathIds.parse(id);
    if (!performing.redrive(event)) {
      boolean known = operations.find(event).isPresent();
      throw new ProblemException(
          known
              ? Problem.of(409, "the event is no dead letter, or the same is live again")
              : Problem.of(404, "there is no such event"));
    }
    return EventView.of(operations.find(event).orElseThrow());
  }

  /** Redrives many dead letters. */
  @POST
  @Path("/redrive")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make up to 500 dead letters due now")
  @RequestBody(content = @Content(schema = @Schema(implementation = RedriveBody.class)))
  public Redriven redriveAll(InputStream body) {
    JsonNode json = Json.read(body);
    JsonFields fields = new JsonFields(json, FIELDS);
    String type = fields.optional(EventPage.EVENT_TYPE, EventPage.TYPE_ALLOWED, EventPage::type);
    UUID user = fields.optional(EventPage.USER_ID, "a UUID", PathIds::find);
    Instant from =
        fields.optional(EventPage.FROM, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    fields.check();
    int redriven = performing.redriveAll(new Filter(user, null, type, from, null));
    return new Redriven(redriven, redriven == EventOperations.MAX_PAGE);
  }
}
