package dev.carillon.server.apikey;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.event.EventIds;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.security.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/api-keys}: keys for machines. For administrators. */
@Path("/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow(Role.ADMIN)
@Tag(name = "API keys")
public final class ApiKeyResource {

  private static final Set<String> FIELDS = Set.of("name", "role");
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", Pattern.UNICODE_CHARACTER_CLASS);

  /** What a new key is asked for with. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record NewApiKey(
      @Schema(required = true, maxLength = ApiKey.MAX_NAME_LENGTH) String name,
      @Schema(
              required = true,
              enumeration = {"admin", "service"})
          String role) {}

  /** A key as it is listed. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record ApiKeyView(UUID id, String name, String role, Instant createdAt) {
    static ApiKeyView of(ApiKey key) {
      return new ApiKeyView(key.id(), key.name(), key.role().spelled(), key.createdAt());
    }
  }

  /** A new key: the only time that the key itself is shown. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record CreatedApiKey(UUID id, String name, String role, Instant createdAt, String key) {}

  /** All keys in force. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record ApiKeyList(List<ApiKeyView> apiKeys) {}

  private final ApiKeys keys;
  private final InstantSource clock;

  /** The resource. */
  public ApiKeyResource(ApiKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Makes a key. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make a key; the answer is the only time that it is shown")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = NewApiKey.class)))
  @APIResponse(
      responseCode = "201",
      description = "The key",
      content = @Content(schema = @Schema(implementation = CreatedApiKey.class)))
  public RestResponse<CreatedApiKey> create(InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), FIELDS);
    String name =
        fields.required(
            "name",
            "a text of 1 to %d printable characters".formatted(ApiKey.MAX_NAME_LENGTH),
            ApiKeyResource::name);
    Role role =
        fields.required(
            "role", "admin or service", text -> Role.named(text).filter(r -> r != Role.USER));
    fields.check();
    return create(new ApiKey(new EventIds(clock).next(), must(name), must(role), clock.instant()));
  }

  /** Lists the keys in force. */
  @GET
  @Operation(summary = "List the keys in force, without the keys themselves")
  public ApiKeyList list() {
    return new ApiKeyList(keys.list().stream().map(ApiKeyView::of).toList());
  }

  /** Revokes a key. */
  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Operation(summary = "Revoke a key at once")
  public void revoke(@PathParam("id") String id) {
    if (!keys.revoke(PathIds.parse(id), clock.instant())) {
      throw new ProblemException(Problem.of(404, "there is no such API key in force"));
    }
  }

  private RestResponse<CreatedApiKey> create(ApiKey key) {
    String secret =
        keys.add(key)
            .orElseThrow(() ->
                new ProblemException(
                    Problem.of(
                        409, "there are %d keys: revoke one first".formatted(ApiKeys.MAX_KEYS))));
    CreatedApiKey created =
        new CreatedApiKey(key.id(), key.name(), key.role().spelled(), key.createdAt(), secret);
    return RestResponse.ResponseBuilder.<CreatedApiKey>created(
            URI.create("/v1/api-keys/" + key.id()))
        .entity(created)
        .header("Cache-Control", "no-store")
        .build();
  }

  static Optional<String> name(String text) {
    String name = text.strip();
    boolean good =
        !name.isEmpty()
            && name.length() <= ApiKey.MAX_NAME_LENGTH
            && !UNPRINTABLE.matcher(name).find();
    return good ? Optional.of(name) : Optional.empty();
  }

  private static <T> T must(@Nullable T checked) {
    return requireNonNull(checked, "fields.check() lets no null pass");
  }
}
