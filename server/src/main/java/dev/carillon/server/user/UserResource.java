package dev.carillon.server.user;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.birthday.User;
import dev.carillon.birthday.UserDetails;
import dev.carillon.birthday.UserInput;
import dev.carillon.birthday.Users;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.CallerContext;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.Page;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.security.Role;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.endpoint.Endpoints;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/user}: users. Whoever has the role user reaches only themselves. */
@Path("/v1/user")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Users")
public final class UserResource {

  private static final TimeZones ZONES = TimeZones.ofJvm();

  /** What a user is created or replaced with. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record UserBody(
      @Schema(required = true, maxLength = 100, examples = "Ada") String firstName,
      @Schema(required = true, maxLength = 100, examples = "Lovelace") String lastName,
      @Schema(required = true, format = "date", examples = "1990-12-10") String dateOfBirth,
      @Schema(required = true, examples = "Europe/London") String timeZone,
      @Schema(
              enumeration = {"FEB_28", "MAR_1", "LEAP_ONLY"},
              defaultValue = "FEB_28")
          String leapDayPolicy,
      @Schema(description = "HH:MM or HH:MM:SS on the user's wall clock", examples = "08:30")
          String deliveryTime,
      @Schema(description = "the id or the name of the endpoint that gets the user's messages")
          String endpoint) {}

  /** A page of users. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record UserPage(List<UserView> users, @Nullable UUID nextCursor, boolean hasMore) {}

  private final Users users;
  private final InstantSource clock;
  private final Endpoints endpoints;

  /** The resource. */
  public UserResource(Users users, InstantSource clock, Endpoints endpoints) {
    this.endpoints = endpoints;
    this.users = users;
    this.clock = clock;
  }

  /** Creates a user. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Allow({Role.ADMIN, Role.SERVICE})
  @Operation(summary = "Create a user, and their events in the same transaction")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = UserBody.class)))
  @APIResponse(
      responseCode = "201",
      description = "The user",
      content = @Content(schema = @Schema(implementation = UserView.class)))
  public RestResponse<UserView> create(InputStream body) {
    User user = users.create(details(body));
    return RestResponse.ResponseBuilder.<UserView>created(URI.create("/v1/user/" + user.id()))
        .entity(UserView.of(user))
        .build();
  }

  /** Lists users. */
  @GET
  @Allow({Role.ADMIN, Role.SERVICE})
  @Operation(summary = "List users, the newest first")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(
      name = QueryFields.CURSOR,
      in = ParameterIn.QUERY,
      description = "the next_cursor of the page before")
  public UserPage list(@Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR));
    int limit = query.limit();
    UUID cursor = query.cursor();
    query.check();
    Page<User> page = Page.of(users.list(cursor, limit + 1), limit, User::id);
    return new UserPage(
        page.items().stream().map(UserView::of).toList(), page.nextCursor(), page.hasMore());
  }

  /** Reads a user. */
  @GET
  @Path("/{id}")
  @Allow({Role.ADMIN, Role.SERVICE, Role.USER})
  @Operation(summary = "Read a user")
  public UserView find(@PathParam("id") String id, @Context SecurityContext security) {
    return UserView.of(users.find(reached(id, security)).orElseThrow(UserResource::unknown));
  }

  /** Replaces a user's details. */
  @PUT
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allow({Role.ADMIN, Role.SERVICE, Role.USER})
  @Operation(summary = "Replace a user's details and reschedule their events")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = UserBody.class)))
  public UserView update(
      @PathParam("id") String id, @Context SecurityContext security, InputStream body) {
    UUID user = reached(id, security);
    // Users are not told which endpoints there are: theirs is compared as it is written.
    boolean onlyUser = CallerContext.isOnlyUser(security);
    UserDetails details = onlyUser ? details(body, Optional::of) : details(body);
    UserDetails allowed = onlyUser ? keeping(user, details) : details;
    return UserView.of(users.update(user, allowed).orElseThrow(UserResource::unknown));
  }

  /** Deletes a user. */
  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Allow({Role.ADMIN, Role.SERVICE, Role.USER})
  @Operation(summary = "Delete a user and cancel their events")
  public void delete(@PathParam("id") String id, @Context SecurityContext security) {
    if (!users.delete(reached(id, security))) {
      throw unknown();
    }
  }

  /** Where messages go is not for the user to choose: endpoints may belong to others. */
  private UserDetails keeping(UUID id, UserDetails wanted) {
    User user = users.find(id).orElseThrow(UserResource::unknown);
    String endpoint = user.details().endpoint();
    if (wanted.endpoint() != null && !wanted.endpoint().equals(endpoint)) {
      throw new ProblemException(Problem.of(403, "your role may not choose an endpoint"));
    }
    return wanted.withEndpoint(endpoint);
  }

  private UserDetails details(InputStream body) {
    return details(body, ref -> endpoints.find(ref).map(endpoint -> endpoint.id().toString()));
  }

  private UserDetails details(InputStream body, Function<String, Optional<String>> endpoint) {
    UserInput input =
        UserInput.parse(Json.read(body), UserInput.latestToday(clock.instant()), ZONES, endpoint);
    return switch (input) {
      case UserInput.Valid(UserDetails details) -> details;
      case UserInput.Invalid(List<dev.carillon.birthday.FieldError> errors) ->
          throw new ProblemException(
              Problem.invalid(
                  errors.stream().map(e -> new FieldError(e.field(), e.message())).toList()));
    };
  }

  private static UUID reached(String id, SecurityContext security) {
    UUID user = PathIds.parse(id);
    CallerContext.requireReach(security, user);
    return user;
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "there is no such user"));
  }
}
