package dev.carillon.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.security.Role;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.registry.Standing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/views}: the views that are kept fresh. */
@Path("/v1/views")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Views")
public final class ViewResource {

  static final String SOURCE = "source";
  private static final String MANUAL = "manual";

  // One digit fewer than the longest number of 64 bits.
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  /** All views. */
  record ViewList(List<ViewJson> views) {}

  /** Who asks for a refresh. */
  record Source(
      @Schema(description = "manual, which is what it is without") @Nullable String source) {}

  private final Viewing viewing;

  /** The resource. */
  public ViewResource(Viewing viewing) {
    this.viewing = viewing;
  }

  /** Lists views. */
  @GET
  @Operation(summary = "List the views by name, and how fresh each is")
  public ViewList list(@Context UriInfo uri) {
    new QueryFields(uri, Set.of()).check();
    return new ViewList(viewing.reads().list().stream().map(ViewJson::of).toList());
  }

  /** Reads a view. */
  @GET
  @Path("/{name}")
  @Operation(summary = "A view, and how fresh it is")
  public ViewJson read(@PathParam("name") String name, @Context UriInfo uri) {
    new QueryFields(uri, Set.of()).check();
    return ViewJson.of(existing(name));
  }

  /** Lists a view's refreshes. */
  @GET
  @Path("/{name}/history")
  @Operation(
      summary = "A view's refreshes, the latest first, and what came of each",
      description = "30 days are kept, and at most 10,080 refreshes of a view.")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public ViewHistory history(@PathParam("name") String name, @Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR));
    int limit = query.limit();
    Long before =
        query.optional(QueryFields.CURSOR, "the next_cursor of the page before", ViewResource::id);
    query.check();
    ViewName view = existing(name).view().name();
    List<RefreshLog.Entry> read = viewing.history(view, before, limit + 1);
    return ViewHistory.of(read, limit);
  }

  /** Refreshes a view. */
  @POST
  @Path("/{name}/refresh")
  @Operation(
      summary = "Bring a view up to date now; answers when that is done",
      description = "Readers go on meanwhile where the view has a unique index.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Source.class)))
  @APIResponse(
      responseCode = "200",
      description = "What was done",
      content = @Content(schema = @Schema(implementation = RefreshJson.class)))
  @APIResponse(responseCode = "409", description = "Another refresh of it is under way")
  @APIResponse(responseCode = "422", description = "It cannot be done; detail says what to do")
  @APIResponse(responseCode = "503", description = "It failed in a way that may pass")
  public RefreshJson refresh(@PathParam("name") String name, InputStream body) {
    requireManual(Json.readOrEmpty(body));
    ViewName view = existing(name).view().name();
    return switch (viewing.views().refresh(view, PastRefresh.Cause.MANUAL)) {
      case RefreshOutcome.Refreshed done -> RefreshJson.of(done.report());
      case RefreshOutcome.Busy busy ->
          throw problem(409, "%s is not refreshed now: %s".formatted(view, busy.message()));
      case RefreshOutcome.Impossible(String reason, String remedy) ->
          throw problem(422, "%s. %s".formatted(reason, remedy));
      case RefreshOutcome.Failed(String error, boolean passing) ->
          throw problem(passing ? 503 : 422, error);
    };
  }

  private Standing existing(String name) {
    return viewing
        .reads()
        .find(ViewNames.parse(name))
        .orElseThrow(() -> problem(404, "there is no view named " + name));
  }

  static void requireManual(JsonNode body) {
    JsonFields fields = new JsonFields(body, Set.of(SOURCE));
    var _ = fields.optional(SOURCE, MANUAL, text -> Optional.of(text).filter(MANUAL::equals));
    fields.check();
  }

  private static ProblemException problem(int status, String detail) {
    return new ProblemException(Problem.of(status, detail));
  }

  private static Optional<Long> id(String text) {
    return ID.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
