package dev.carillon.server.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.AttemptLog.Cursor;
import dev.carillon.postgres.AttemptLog.Result;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.HeldEvents;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Deliveries;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import dev.carillon.webhook.delivery.Ping;
import dev.carillon.webhook.delivery.Receiver;
import dev.carillon.webhook.delivery.Receivers;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.traffic.Breaker;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is sent to endpoints: how it goes, what came of it, and sending it again. */
@Path("/v1/endpoints/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Endpoints")
public final class DeliveryResource {

  private static final String RESULT = "result";
  private static final String SINCE = "since";

  /** What came of a test message. */
  @JsonNaming(SnakeCaseStrategy.class)
  record PingView(String webhookId, boolean delivered, JsonNode details) {}

  /**
   * How an endpoint stands.
   *
   * @param state closed (all passes), open (nothing does), half_open (one at a time) or disabled
   * @param held how many events wait for it; {@link HeldEvents#MOST_COUNTED} if there are more
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record StatusView(
      UUID id,
      String name,
      String state,
      int failuresInRow,
      @Nullable Instant failingSince,
      @Nullable String cause,
      @Nullable Instant openUntil,
      int held) {}

  /** From when on failed messages are sent again. */
  record ReplayBody(@Schema(required = true, examples = "2026-11-22T09:00:00Z") String since) {}

  /** How many messages are sent again. */
  record Replayed(int replayed) {}

  private final Endpoints endpoints;
  private final EventOperations operations;
  private final AttemptLog log;
  private final HeldEvents held;
  private final Performing performing;
  private final InstantSource clock;

  /** The resource. */
  public DeliveryResource(
      Endpoints endpoints, EventOperations operations, Performing performing, InstantSource clock) {
    this.endpoints = endpoints;
    this.operations = operations;
    this.log = new AttemptLog(operations.jdbi());
    this.held = new HeldEvents(operations.jdbi());
    this.performing = performing;
    this.clock = clock;
  }

  /** Sends a test message. */
  @POST
  @Path("/ping")
  @Operation(summary = "Send a test message at once, also to a disabled endpoint")
  public PingView ping(@PathParam("id") String id) throws InterruptedException {
    Deliveries deliveries = deliveries();
    Receiver receiver = receiver(deliveries.find(known(id).id().toString()));
    Ping.Pong pong = deliveries.ping(receiver);
    return new PingView(pong.id(), pong.delivered(), pong.details());
  }

  /** How the endpoint stands. */
  @GET
  @Path("/status")
  @Operation(summary = "How the endpoint stands: its circuit breaker, and what waits for it")
  public StatusView status(@PathParam("id") String id) {
    Endpoint endpoint = known(id);
    Breaker breaker =
        deliveries()
            .table()
            .breakers(List.of(endpoint.id()))
            .getOrDefault(endpoint.id(), Breaker.CLOSED);
    Breaker.State state = breaker.state(clock.instant());
    return new StatusView(
        endpoint.id(),
        endpoint.name(),
        endpoint.isEnabled() ? state.name().toLowerCase(Locale.ROOT) : "disabled",
        breaker.failures(),
        breaker.failingSince(),
        breaker.cause(),
        state == Breaker.State.OPEN ? breaker.openUntil() : null,
        held.count(endpoint.id()));
  }

  /** The attempts made. */
  @GET
  @Path("/attempts")
  @Operation(summary = "The attempts made, the latest first")
  @Parameter(
      name = RESULT,
      in = ParameterIn.QUERY,
      description = "completed, retried, postponed or failed")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public AttemptPage attempts(@PathParam("id") String id, @Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, Set.of(RESULT, QueryFields.LIMIT, QueryFields.CURSOR));
    Result result =
        query.optional(RESULT, "completed, retried, postponed or failed", DeliveryResource::result);
    int limit = query.limit();
    Cursor before =
        query.optional(
            QueryFields.CURSOR, "the next_cursor of the page before", AttemptPage::cursor);
    query.check();
    return AttemptPage.of(log.inLane(known(id).id(), result, before, limit + 1), limit);
  }

  /** Sends failed messages again. */
  @POST
  @Path("/replay")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Send again what failed for good since a time; asked twice, it is sent once")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = ReplayBody.class)))
  public Replayed replay(@PathParam("id") String id, InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), Set.of(SINCE));
    Instant since = fields.required(SINCE, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    fields.check();
    UUID endpoint = known(id).id();
    int replayed = since == null ? 0 : operations.redriveLane(endpoint, since, clock.instant());
    performing.hint(clock.instant());
    return new Replayed(replayed);
  }

  private Endpoint known(String ref) {
    return endpoints.find(ref).orElseThrow(() -> Refusals.of(new EndpointChange.Missing()));
  }

  private Deliveries deliveries() {
    return performing
        .deliveries()
        .orElseThrow(() -> new ProblemException(Problem.of(503, "the process is stopping")));
  }

  static Receiver receiver(Receivers.Found found) {
    return switch (found) {
      case Receiver receiver -> receiver;
      case Receivers.Missing missing ->
          throw new ProblemException(Problem.of(409, missing.reason()));
      case Receivers.Unreadable unreadable ->
          throw new ProblemException(Problem.of(409, unreadable.reason()));
    };
  }

  private static Optional<Result> result(String text) {
    return Optional.of(text)
        .filter(name -> name.equals(name.toLowerCase(Locale.ROOT)))
        .flatMap(name ->
            List.of(Result.values()).stream()
                .filter(result -> result.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst());
  }
}
