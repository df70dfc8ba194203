package dev.carillon.server.view;

import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.security.Role;
import dev.carillon.view.ViewName;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.registry.Explained;
import dev.carillon.view.registry.Made;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/views} for administrators: whoever makes a view has the database run any query, as the
 * server's own user.
 */
@Path("/v1/views")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow(Role.ADMIN)
@Tag(name = "Views")
public final class ViewAdminResource {

  /** A view that is wanted. */
  record ViewBody(
      @Schema(required = true, description = "lower-case letters, digits, underscores") String name,
      @Schema(description = "a SELECT; without it a materialized view that is there is registered")
          @Nullable String query,
      @Schema(
              description =
                  "true: kept by the changes, the best way that the query allows; false: refreshed")
          @Nullable Boolean incremental,
      @Schema(description = "instead of incremental, one way: ledger, keyed or full")
          @Nullable String tier,
      @Schema(description = "columns that tell rows apart: they get a unique index")
          @Nullable List<String> keys,
      @Schema(description = "how often it is to be refreshed; 1m") @Nullable String interval,
      @Schema(description = "how old an answer may be; 5m") @Nullable String objective) {}

  /** A query. */
  record QueryBody(
      @Schema(required = true) String query,
      @Schema(description = "columns that tell rows apart; without, they are found")
          @Nullable List<String> keys) {}

  private final Viewing viewing;
  private final Schedules schedules;

  /** The resource. */
  public ViewAdminResource(Viewing viewing, Schedules schedules) {
    this.viewing = viewing;
    this.schedules = schedules;
  }

  /** Makes a view. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make a view, or register one that is there",
      description =
          "An incremental one is exact at every read (tier ledger) or run again each second for"
              + " the keys that were touched (tier keyed). One that is not is empty until it is"
              + " refreshed; within seconds it gets a schedule, views/NAME, which refreshes it each"
              + " interval.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = ViewBody.class)))
  @APIResponse(
      responseCode = "201",
      description = "The view",
      content = @Content(schema = @Schema(implementation = ViewJson.class)))
  @APIResponse(responseCode = "409", description = "There is something of that name")
  @APIResponse(
      responseCode = "422",
      description = "It cannot be kept so; detail says of each tier why, and what to change")
  @APIResponse(responseCode = "503", description = "A table could not be locked; ask again")
  public RestResponse<ViewJson> make(InputStream body) {
    ViewName name = made(viewing.views().make(ViewInput.wanted(Json.read(body)), viewing.now()));
    ViewJson view = viewing.views().find(name).map(ViewJson::of).orElseThrow();
    return RestResponse.ResponseBuilder.<ViewJson>created(URI.create("/v1/views/" + name))
        .entity(view)
        .build();
  }

  /** Explains a query. */
  @POST
  @Path("/explain")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "How fresh a query can be kept, why not fresher, and what to change")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = QueryBody.class)))
  public ExplainedJson explain(InputStream body) {
    ViewInput.Asked asked = ViewInput.asked(Json.read(body));
    return switch (viewing.views().explain(asked.query(), asked.keys())) {
      case Explained.Possible possible -> ExplainedJson.of(possible);
      case Explained.Invalid(int position, String reason) -> throw unreadable(position, reason);
    };
  }

  /** Drops a view. */
  @DELETE
  @Path("/{name}")
  @ResponseStatus(204)
  @Operation(
      summary = "Drop a view with its schedule and all that was made for it; its history stays")
  public void drop(@PathParam("name") String text) {
    ViewName name = ViewNames.parse(text);
    try {
      if (!viewing.views().drop(name)) {
        throw problem(404, "there is no view named " + name);
      }
    } catch (IllegalStateException e) {
      throw problem(409, String.valueOf(e.getMessage()));
    }
    ViewSchedule.forget(schedules, name);
  }

  private static ViewName made(Made made) {
    return switch (made) {
      case Made.Done(var view) -> view.name();
      case Made.NameTaken(String reason) -> throw problem(409, reason);
      case Made.TooMany(int most) ->
          throw problem(409, "there are %d views already".formatted(most));
      case Made.Invalid(int position, String reason) -> throw unreadable(position, reason);
      case Made.Refused(List<Obstacle> obstacles) ->
          throw problem(
              422, obstacles.stream().map(Obstacle::sentence).collect(Collectors.joining(" ")));
      case Made.Rejected(String reason) -> throw problem(422, reason);
      case Made.Busy(String reason) -> throw problem(503, reason);
    };
  }

  private static ProblemException unreadable(int position, String reason) {
    return new ProblemException(
        Problem.invalid(List.of(new FieldError(ViewInput.QUERY, reason, position))));
  }

  private static ProblemException problem(int status, String detail) {
    return new ProblemException(Problem.of(status, detail));
  }
}
