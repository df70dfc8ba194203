package dev.carillon.server.endpoint;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.birthday.Users;
import dev.carillon.server.endpoint.EndpointBodies.ChangedEndpoint;
import dev.carillon.server.endpoint.EndpointBodies.DisableBody;
import dev.carillon.server.endpoint.EndpointBodies.NewEndpoint;
import dev.carillon.server.endpoint.EndpointBodies.RotationBody;
import dev.carillon.server.endpoint.KeyViews.PublicKeys;
import dev.carillon.server.endpoint.KeyViews.RotatedView;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Page;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Deliveries;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.EndpointChange.Rotated;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.UrlRule;
import dev.carillon.webhook.sign.SigningKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

/** {@code /v1/endpoints}: where messages go. An endpoint is named by its id or its name. */
@Path("/v1/endpoints")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Endpoints")
public final class EndpointResource {

  private static final Set<String> FIELDS_OF_KEYS = Set.of(KeyInput.SIGNATURE, KeyInput.SECRET);
  private static final Set<String> FIELDS_OF_ROTATION =
      Set.of(KeyInput.OVERLAP, KeyInput.SIGNATURE, KeyInput.SECRET);
  private static final Set<String> CREATED = with(EndpointInput.FIELDS, FIELDS_OF_KEYS, "disabled");
  private static final Set<String> CHANGED =
      with(EndpointInput.FIELDS, FIELDS_OF_KEYS, "disabled", "revision");
  private static final String CREATED_DISABLED = "it was created disabled";
  private static final String DISABLED = "it was disabled through the API";

  /** A page of endpoints. */
  @JsonNaming(SnakeCaseStrategy.class)
  record EndpointPage(List<EndpointView> endpoints, @Nullable UUID nextCursor, boolean hasMore) {}

  private final Endpoints endpoints;
  private final UrlRule rule;
  private final InstantSource clock;
  private final Performing performing;
  private final Users users;

  /** The resource. */
  public EndpointResource(
      Endpoints endpoints, UrlRule rule, InstantSource clock, Performing performing, Users users) {
    this.performing = performing;
    this.users = users;
    this.endpoints = endpoints;
    this.rule = rule;
    this.clock = clock;
  }

  /** Makes an endpoint. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make an endpoint; the answer is the only time that its secret is shown")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = NewEndpoint.class)))
  @APIResponse(
      responseCode = "201",
      description = "The endpoint and its secret",
      content = @Content(schema = @Schema(implementation = EndpointView.class)))
  public RestResponse<EndpointView> create(InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), CREATED);
    EndpointInput input = new EndpointInput(fields, rule);
    KeyInput keys = KeyInput.read(fields);
    Boolean disabled = fields.flag("disabled");
    EndpointSettings settings = input.made(clock.instant());
    SigningKey key = keys.first();
    String reason = Boolean.TRUE.equals(disabled) ? CREATED_DISABLED : null;
    Endpoint made = done(endpoints.create(settings, key, reason));
    changed();
    return RestResponse.ResponseBuilder.<EndpointView>created(
            URI.create("/v1/endpoints/" + made.id()))
        .entity(EndpointView.of(made, key))
        .header("Cache-Control", "no-store")
        .build();
  }

  /** Lists endpoints. */
  @GET
  @Operation(summary = "List endpoints, the newest first, without their secrets")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(
      name = QueryFields.CURSOR,
      in = ParameterIn.QUERY,
      description = "the next_cursor of the page before")
  public EndpointPage list(@Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR));
    int limit = query.limit();
    UUID cursor = query.cursor();
    query.check();
    Page<Endpoint> page = Page.of(endpoints.list(cursor, limit + 1), limit, Endpoint::id);
    return new EndpointPage(
        page.items().stream().map(EndpointView::of).toList(), page.nextCursor(), page.hasMore());
  }

  /** Reads an endpoint. */
  @GET
  @Path("/{id}")
  @Operation(summary = "Read an endpoint by its id or its name")
  public EndpointView find(@PathParam("id") String id) {
    return EndpointView.of(known(id));
  }

  /** Changes an endpoint. */
  @PATCH
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Change what is given; null goes back to the default")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = ChangedEndpoint.class)))
  public EndpointView change(@PathParam("id") String id, InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), CHANGED);
    EndpointInput input = new EndpointInput(fields, rule);
    Integer revision = fields.integer("revision", 1, Integer.MAX_VALUE);
    elsewhere(fields, KeyInput.SIGNATURE, "rotate");
    elsewhere(fields, KeyInput.SECRET, "rotate");
    elsewhere(fields, "disabled", "disable or /enable");
    fields.check();
    Long wanted = revision == null ? null : revision.longValue();
    Endpoint changed =
        done(endpoints.update(known(id).id(), wanted, old -> input.changed(old, clock.instant())));
    changed();
    return EndpointView.of(changed);
  }

  /** Deletes an endpoint. */
  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Operation(summary = "Delete an endpoint and its keys")
  public void delete(@PathParam("id") String id) {
    Endpoint endpoint = known(id);
    if (users.haveChosen(endpoint.id().toString())) {
      throw new ProblemException(
          Problem.of(409, "users have chosen the endpoint: disable it, or give them another"));
    }
    done(endpoints.delete(endpoint.id()));
    changed();
  }

  /** Gives an endpoint a new key. */
  @POST
  @Path("/{id}/rotate")
  @Operation(
      summary = "Give an endpoint a new key; the old ones sign beside it until the overlap is over")
  @RequestBody(content = @Content(schema = @Schema(implementation = RotationBody.class)))
  @APIResponse(
      responseCode = "200",
      description = "The new secret, shown this once, and the live keys",
      content = @Content(schema = @Schema(implementation = RotatedView.class)))
  public RestResponse<RotatedView> rotate(@PathParam("id") String id, InputStream body) {
    JsonFields fields = new JsonFields(Json.readOrEmpty(body), FIELDS_OF_ROTATION);
    Rotated rotated = rotated(endpoints.rotate(known(id).id(), KeyInput.rotation(fields)));
    changed();
    return RestResponse.ResponseBuilder.ok(RotatedView.of(rotated))
        .header("Cache-Control", "no-store")
        .build();
  }

  /** Enables an endpoint. */
  @POST
  @Path("/{id}/enable")
  @Operation(summary = "Let messages be sent again")
  public EndpointView enable(@PathParam("id") String id) {
    Endpoint endpoint = known(id);
    performing.deliveries().ifPresent(deliveries -> deliveries.forgetFailures(endpoint.id()));
    Endpoint enabled = done(endpoints.enable(endpoint.id()));
    changed();
    return EndpointView.of(enabled);
  }

  /** Disables an endpoint. */
  @POST
  @Path("/{id}/disable")
  @Operation(summary = "Let no more messages be sent; those that are due wait")
  @RequestBody(content = @Content(schema = @Schema(implementation = DisableBody.class)))
  public EndpointView disable(@PathParam("id") String id, InputStream body) {
    JsonFields fields = new JsonFields(Json.readOrEmpty(body), Set.of("reason"));
    String reason =
        fields.optional(
            "reason",
            "a text of 1 to %d characters".formatted(Endpoint.Disabled.MAX_REASON_LENGTH),
            EndpointResource::reason);
    fields.check();
    Endpoint disabled = done(endpoints.disable(known(id).id(), reason == null ? DISABLED : reason));
    changed();
    return EndpointView.of(disabled);
  }

  /** Shows an endpoint's public keys. */
  @GET
  @Path("/{id}/public-keys")
  @Operation(summary = "The public keys that verify v1a signatures, the current one first")
  public PublicKeys publicKeys(@PathParam("id") String id) {
    return PublicKeys.of(endpoints.keys(known(id).id(), clock.instant()));
  }

  private void changed() {
    performing.deliveries().ifPresent(Deliveries::endpointsChanged);
  }

  private Endpoint known(String ref) {
    return endpoints.find(ref).orElseThrow(() -> Refusals.of(new EndpointChange.Missing()));
  }

  private static Endpoint done(EndpointChange change) {
    if (change instanceof EndpointChange.Done(Endpoint endpoint)) {
      return endpoint;
    }
    throw Refusals.of(change);
  }

  private static Rotated rotated(EndpointChange change) {
    if (change instanceof Rotated rotated) {
      return rotated;
    }
    throw Refusals.of(change);
  }

  private static void elsewhere(JsonFields fields, String field, String path) {
    if (fields.has(field)) {
      fields.error(field, "is changed by POST /v1/endpoints/{id}/" + path);
    }
  }

  static Optional<String> reason(String text) {
    String reason = text.strip();
    boolean good = !reason.isEmpty() && reason.length() <= Endpoint.Disabled.MAX_REASON_LENGTH;
    return good && reason.chars().noneMatch(Character::isISOControl)
        ? Optional.of(reason)
        : Optional.empty();
  }

  private static Set<String> with(Set<String> some, Set<String> others, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }
}
