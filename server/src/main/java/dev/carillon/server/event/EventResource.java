package dev.carillon.server.event;

import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Change;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.CallerContext;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/events}: what was, is and will be done. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Events")
public final class EventResource {

  private static final String CANCELLED = "cancelled by hand";

  private final EventOperations operations;
  private final Performing performing;

  /** The resource. */
  public EventResource(EventOperations operations, Performing performing) {
    this.operations = operations;
    this.performing = performing;
  }

  /** Lists events. */
  @GET
  @Allow({Role.ADMIN, Role.SERVICE})
  @Operation(summary = "List events of all states, the newest first")
  @Parameter(name = EventPage.STATUS, in = ParameterIn.QUERY)
  @Parameter(name = EventPage.EVENT_TYPE, in = ParameterIn.QUERY)
  @Parameter(name = EventPage.USER_ID, in = ParameterIn.QUERY)
  @Parameter(name = EventPage.FROM, in = ParameterIn.QUERY, description = "due at or after this")
  @Parameter(name = EventPage.TO, in = ParameterIn.QUERY, description = "due before this")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public EventPage list(@Context UriInfo uri) {
    return EventPage.of(operations, uri);
  }

  /** Reads an event. */
  @GET
  @Path("/{id}")
  @Allow({Role.ADMIN, Role.SERVICE, Role.USER})
  @Operation(summary = "Read an event")
  public EventView find(@PathParam("id") String id, @Context SecurityContext security) {
    Details details = details(PathIds.parse(id));
    CallerContext.requireReach(security, details.event().subject());
    EventView view = EventView.of(details);
    return CallerContext.isOnlyUser(security) ? view.withoutReason() : view;
  }

  /** Cancels an event. */
  @POST
  @Path("/{id}/cancel")
  @Allow({Role.ADMIN, Role.SERVICE})
  @Operation(summary = "Cancel a pending event; the one that follows it is planned")
  public EventView cancel(@PathParam("id") String id) {
    UUID event = PathIds.parse(id);
    Change change = operations.cancel(event, CANCELLED, performing::next);
    return changed(event, change, "cancelled: only a pending event can be");
  }

  /** Tries an event again now. */
  @POST
  @Path("/{id}/retry")
  @Allow({Role.ADMIN, Role.SERVICE})
  @Operation(summary = "Try an event again now: one that waits for a retry, or a dead letter")
  public EventView retry(@PathParam("id") String id) {
    UUID event = PathIds.parse(id);
    Change change = performing.retry(event);
    return changed(
        event, change, "retried: only one that waits for another attempt or has failed can be");
  }

  private EventView changed(UUID id, Change change, String refusal) {
    return switch (change) {
      case DONE -> EventView.of(details(id));
      case NOT_FOUND -> throw unknown();
      case CONFLICT ->
          throw new ProblemException(
              Problem.of(
                  409,
                  "the event is %s and cannot be %s".formatted(details(id).status(), refusal)));
    };
  }

  private Details details(UUID id) {
    return operations.find(id).orElseThrow(EventResource::unknown);
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "there is no such event"));
  }
}
