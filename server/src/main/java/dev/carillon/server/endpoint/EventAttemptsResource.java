package dev.carillon.server.endpoint;

import dev.carillon.event.EventStatus;
import dev.carillon.event.EventType;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.AttemptLog.Entry;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.server.endpoint.AttemptPage.AttemptView;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.performing.Deliveries;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import dev.carillon.webhook.delivery.Receiver;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The attempts of one event, and sending it once more. */
@Path("/v1/events/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Events")
public final class EventAttemptsResource {

  /** An event's attempts, the latest first. */
  record EventAttempts(List<AttemptView> attempts) {}

  private final EventOperations operations;
  private final AttemptLog log;
  private final Performing performing;

  /** The resource. */
  public EventAttemptsResource(EventOperations operations, Performing performing) {
    this.operations = operations;
    this.log = new AttemptLog(operations.jdbi());
    this.performing = performing;
  }

  /** The attempts made. */
  @GET
  @Path("/attempts")
  @Operation(summary = "The attempts of an event, the latest first, as far as they are kept")
  public EventAttempts attempts(@PathParam("id") String id) {
    UUID event = details(id).event().id();
    return new EventAttempts(log.ofEvent(event).stream().map(AttemptView::of).toList());
  }

  /** Sends a message again. */
  @POST
  @Path("/replay")
  @Operation(
      summary =
          "Send the message of a completed event once more, at once and with the same webhook-id")
  public AttemptView replay(@PathParam("id") String id) throws InterruptedException {
    Details details = details(id);
    if (details.status() != EventStatus.COMPLETED) {
      throw new ProblemException(
          Problem.of(
              409,
              "the event is %s and not COMPLETED: one that has failed, or waits for an endpoint, is tried again by /retry"
                  .formatted(details.status())));
    }
    Deliveries deliveries =
        performing
            .deliveries()
            .orElseThrow(() -> new ProblemException(Problem.of(503, "the process is stopping")));
    EventType type =
        performing
            .type(details.event().type())
            .orElseThrow(() ->
                new ProblemException(Problem.of(409, "there is no such event type any more")));
    String destination = type.destination(details.event()).orElse(null);
    Receiver receiver = DeliveryResource.receiver(deliveries.find(destination));
    Entry entry = deliveries.replay(details, type, receiver);
    return AttemptView.of(entry);
  }

  private Details details(String id) {
    return operations
        .find(PathIds.parse(id))
        .orElseThrow(() -> new ProblemException(Problem.of(404, "there is no such event")));
  }
}
