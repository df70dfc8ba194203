package dev.carillon.server.refresh;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** {@code /v1/refresh}: drains the queue now. */
@Path("/v1/refresh")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Refresh")
public final class RefreshResource {

  /**
   * A drain that was started.
   *
   * @param source whose requests
   * @param started whether it began now; if not, one that was started here before runs, and another
   *     follows it
   * @param queueSize how many requests wait
   * @param nextFree when the next call can be made
   * @param pauseReason why none is made before; null if there is no pause
   * @param running the drains that ran in this process when this one was asked for
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Started(
      String source,
      boolean started,
      @Nullable Long queueSize,
      @Nullable Instant nextFree,
      @Nullable String pauseReason,
      List<RefreshState.Running> running) {}

  private final Refreshing refreshing;

  /** The resource. */
  public RefreshResource(Refreshing refreshing) {
    this.refreshing = refreshing;
  }

  /** Starts a drain. */
  @POST
  @ResponseStatus(202)
  @Operation(
      summary = "Drain the queue now, in the background",
      description = "Drains that run at the same time share the work and the rate.")
  public Started start() {
    Refreshing.Working working = NoSource.orWorking(refreshing);
    RefreshState state = Refreshing.counted(working);
    if (!state.answers()) {
      throw new ProblemException(Problem.of(503, String.join("; ", state.troubles())));
    }
    return new Started(
        state.source(),
        working.drains().start(),
        state.queueSize(),
        state.nextFree(),
        state.pauseReason(),
        state.running());
  }
}
