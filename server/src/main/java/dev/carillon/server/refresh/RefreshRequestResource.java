package dev.carillon.server.refresh;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.refresh.drain.Asked;
import dev.carillon.refresh.request.Priority;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.MediaTypes;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** {@code /v1/refresh-requests}: records that are to be fetched again. */
@Path("/v1/refresh-requests")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Refresh")
public final class RefreshRequestResource {

  /** A request as it is made. */
  record RequestBodyOne(
      @Schema(description = "the source's name; the one that is set") @Nullable String source,
      @Schema(description = "clan, player or war", required = true) String type,
      @Schema(description = "such as #2PP", required = true) String tag,
      @Schema(description = Priority.ALLOWED + "; " + RefreshInput.PRIORITY_USUAL)
          @Nullable String priority,
      @Schema(name = "requested_at", description = "when it was wished for, at most 24 h ago; now")
          @Nullable Instant requestedAt) {}

  /** A request that can be none. */
  record InvalidView(int index, String reason) {}

  /**
   * What became of requests.
   *
   * @param queued how many were not there yet
   * @param raised how many made a request that was there more urgent
   * @param kept how many changed nothing: the same waits already
   * @param fresh how many were dropped: their records are fresh enough
   * @param invalid those that can be none; the others are done all the same
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record AskedView(int queued, int raised, int kept, int fresh, List<InvalidView> invalid) {}

  private final Refreshing refreshing;

  /** The resource. */
  public RefreshRequestResource(Refreshing refreshing) {
    this.refreshing = refreshing;
  }

  /** Asks for records. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @ResponseStatus(202)
  @Operation(
      summary = "Ask that records be fetched again: one object, or a list of up to 1,000",
      description = "A record waits once: asked for again it moves forward or stays where it is.")
  @RequestBody(
      required = true,
      content =
          @Content(
              schema =
                  @Schema(
                      oneOf = {RequestBodyOne.class},
                      implementation = RequestBodyOne.class,
                      type = SchemaType.ARRAY)))
  public AskedView ask(InputStream body) {
    Refreshing.Working working = NoSource.orWorking(refreshing);
    RefreshInput input = RefreshInput.of(Json.read(body, MediaTypes.MAX_LIST_BYTES));
    Asked asked = working.refreshes().request(input.wishes());
    if (input.isOne() && !asked.invalid().isEmpty()) {
      throw new ProblemException(RefreshInput.problem(asked.invalid().getFirst().reason()));
    }
    return new AskedView(
        asked.queued(),
        asked.raised(),
        asked.kept(),
        asked.dropped(),
        input.invalid(asked.invalid()).stream()
            .map(one -> new InvalidView(one.index(), one.reason()))
            .toList());
  }

  /** Tells what waits. */
  @GET
  @Path("/summary")
  @Operation(summary = "What waits, how fast it is called, and the last drain")
  public RefreshState summary() {
    return Refreshing.counted(NoSource.orWorking(refreshing));
  }
}
