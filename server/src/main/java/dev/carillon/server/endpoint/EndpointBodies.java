package dev.carillon.server.endpoint;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What requests are made of, for the API's document; {@link EndpointInput} reads them. */
final class EndpointBodies {

  private EndpointBodies() {}

  /** What an endpoint is made with. */
  @JsonNaming(SnakeCaseStrategy.class)
  record NewEndpoint(
      @Schema(required = true, maxLength = 63, examples = "crm") String name,
      @Schema(required = true, maxLength = 2048, examples = "https://hooks.example.com/in")
          String url,
      @Schema(
              enumeration = {"v1", "v1a"},
              defaultValue = "v1")
          String signature,
      @Schema(description = "whsec_... or whsk_...; generated if it is left out")
          @Nullable String secret,
      @Schema(description = "make it disabled") boolean disabled,
      @Schema(
              enumeration = {"carillon", "standard-webhooks"},
              defaultValue = "carillon")
          String policy,
      @Schema(
              oneOf = {String.class, String[].class},
              description = "exponential, standard-webhooks, or 1 to 24 waits such as [\"5s\"]",
              defaultValue = "exponential")
          Object retry,
      @Schema(minimum = "1", maximum = "1000", defaultValue = "100") int concurrency,
      @Schema(minimum = "0.01", maximum = "10000", description = "messages a second")
          @Nullable Double rateLimit,
      @Schema(minimum = "1", maximum = "1000000", description = "messages at once")
          @Nullable Integer burst,
      @Schema(description = "of an attempt, 1s to 50s", defaultValue = "20s") String timeout,
      @Schema(description = "is told of other endpoints' troubles") boolean alerts,
      @Schema(description = "PEM") @Nullable String clientCertificate,
      @Schema(description = "PEM, PKCS#8; never shown again") @Nullable String clientKey,
      @Schema(description = "PEM; trusted in place of the system's")
          @Nullable String caCertificate) {}

  /** What of an endpoint is changed: only what is given; null stands for the default. */
  @JsonNaming(SnakeCaseStrategy.class)
  record ChangedEndpoint(
      @Schema(maxLength = 63) String name,
      @Schema(maxLength = 2048) String url,
      @Schema(enumeration = {"carillon", "standard-webhooks"}) @Nullable String policy,
      @Schema(oneOf = {String.class, String[].class}) @Nullable Object retry,
      @Schema(minimum = "1", maximum = "1000") @Nullable Integer concurrency,
      @Schema(minimum = "0.01", maximum = "10000") @Nullable Double rateLimit,
      @Schema(minimum = "1", maximum = "1000000") @Nullable Integer burst,
      @Nullable String timeout,
      @Nullable Boolean alerts,
      @Nullable String clientCertificate,
      @Nullable String clientKey,
      @Nullable String caCertificate,
      @Schema(description = "the revision that is to be changed; 409 if it is another by now")
          @Nullable Long revision) {}

  /** How an endpoint gets a new key. */
  @JsonNaming(SnakeCaseStrategy.class)
  record RotationBody(
      @Schema(description = "how long the old keys go on signing, 0s to 7d", defaultValue = "24h")
          @Nullable String overlap,
      @Schema(description = "whsec_... or whsk_...; generated if it is left out")
          @Nullable String secret,
      @Schema(
              enumeration = {"v1", "v1a"},
              description = "another kind than before")
          @Nullable String signature) {}

  /** Why an endpoint is disabled. */
  @JsonNaming(SnakeCaseStrategy.class)
  record DisableBody(@Schema(maxLength = 500) @Nullable String reason) {}
}
