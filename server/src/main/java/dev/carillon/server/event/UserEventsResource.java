package dev.carillon.server.event;

import dev.carillon.birthday.Users;
import dev.carillon.postgres.EventOperations;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.CallerContext;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
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

/**
 * {@code /v1/user/{id}/events}: one user's events. A class of its own, since Jakarta REST looks for
 * a path in the class that matches it best and in no other: {@code /v1/user} would hide it.
 */
@Path("/v1/user/{id}/events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Events")
public final class UserEventsResource {

  private final EventOperations operations;
  private final Users users;

  /** The resource. */
  public UserEventsResource(EventOperations operations, Users users) {
    this.operations = operations;
    this.users = users;
  }

  /** Lists a user's events. */
  @GET
  @Allow({Role.ADMIN, Role.SERVICE, Role.USER})
  @Operation(summary = "List a user's events, the newest first")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public EventPage list(
      @PathParam("id") String id, @Context SecurityContext security, @Context UriInfo uri) {
    UUID user = PathIds.parse(id);
    CallerContext.requireReach(security, user);
    if (users.find(user).isEmpty()) {
      throw new ProblemException(Problem.of(404, "there is no such user"));
    }
    EventPage page = EventPage.ofUser(operations, uri, user);
    return CallerContext.isOnlyUser(security) ? page.withoutReasons() : page;
  }
}
