package dev.carillon.server.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.birthday.YearlyEventType;
import dev.carillon.server.http.Allow;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/event-types}: what each user has an event of. */
@Path("/v1/event-types")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Events")
public final class EventTypeResource {

  /** An event type as JSON. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record EventTypeView(String name, String on, String localTime, String message) {
    static EventTypeView of(YearlyEventType type) {
      return new EventTypeView(
          type.name(),
          type.on().name().toLowerCase(Locale.ROOT),
          type.localTime().toString(),
          type.message().toString());
    }
  }

  /** All event types. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record EventTypeList(List<EventTypeView> eventTypes) {}

  private final Performing performing;

  /** The resource. */
  public EventTypeResource(Performing performing) {
    this.performing = performing;
  }

  /** Lists the event types. */
  @GET
  @Operation(summary = "List the event types that are configured")
  public EventTypeList list() {
    return new EventTypeList(performing.types().stream().map(EventTypeView::of).toList());
  }
}
