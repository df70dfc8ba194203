package dev.carillon.server.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.RetrySchedule;
import dev.carillon.webhook.endpoint.Traffic.Rate;
import dev.carillon.webhook.sign.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An endpoint as JSON; its secret is in the answer to its creation only. */
@JsonNaming(SnakeCaseStrategy.class)
record EndpointView(
    UUID id,
    String name,
    String url,
    String signature,
    String policy,
    @Schema(oneOf = {String.class, String[].class}) Object retry,
    int concurrency,
    @Nullable Double rateLimit,
    @Nullable Integer burst,
    String timeout,
    boolean alerts,
    boolean managed,
    boolean disabled,
    @Nullable Instant disabledAt,
    @Nullable String disabledReason,
    @Nullable String clientCertificate,
    @Nullable String caCertificate,
    long revision,
    Instant createdAt,
    Instant updatedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String publicKey) {

  static EndpointView of(Endpoint endpoint) {
    return of(endpoint, null, null);
  }

  /** The endpoint with its new key: to be shown once. */
  static EndpointView of(Endpoint endpoint, SigningKey key) {
    return of(endpoint, key.secret(), key.publicKey().orElse(null));
  }

  /** A schedule as it is written in a request. */
  static Object retry(RetrySchedule schedule) {
    if (schedule.equals(RetrySchedule.STANDARD_WEBHOOKS)) {
      return EndpointInput.STANDARD_WEBHOOKS;
    }
    return switch (schedule) {
      case RetrySchedule.Exponential() -> EndpointInput.EXPONENTIAL;
      case RetrySchedule.Waits(List<Duration> waits) ->
          waits.stream().map(TimeSpan::format).toList();
    };
  }

  private static EndpointView of(
      Endpoint endpoint, @Nullable String secret, @Nullable String publicKey) {
    Rate rate = endpoint.traffic().rate();
    Endpoint.Disabled disabled = endpoint.disabled();
    return new EndpointView(
        endpoint.id(),
        endpoint.name(),
        endpoint.url().toString(),
        endpoint.signature().spelled(),
        endpoint.policy().spelled(),
        retry(endpoint.retry()),
        endpoint.traffic().concurrency(),
        rate == null ? null : rate.perSecond(),
        rate == null ? null : rate.burst(),
        TimeSpan.format(endpoint.timeout()),
        endpoint.alerts(),
        endpoint.managed(),
        disabled != null,
        disabled == null ? null : disabled.at(),
        disabled == null ? null : disabled.reason(),
        endpoint.certificates().client(),
        endpoint.certificates().authority(),
        endpoint.revision(),
        endpoint.createdAt(),
        endpoint.updatedAt(),
        secret,
        publicKey);
  }

  @Override
  public String toString() {
    return "EndpointView[%s]".formatted(id);
  }
}
