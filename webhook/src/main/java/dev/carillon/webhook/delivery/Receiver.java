package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.RetryPolicy;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.RetrySchedule;
import dev.carillon.webhook.endpoint.Secrets;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.WebhookSigner;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint with all that a delivery to it needs.
 *
 * @param id the endpoint
 * @param url where messages are posted to
 * @param signer signs them
 * @param tls keys and trust of its own; null for those of the Java platform
 * @param policy what its answers mean
 * @param retry when it is tried again; null for the engine's policy
 * @param timeout how long an attempt may take in all
 */
public record Receiver(
    UUID id,
    URI url,
    WebhookSigner signer,
    @Nullable ClientTls tls,
    StatusPolicy policy,
    @Nullable RetryPolicy retry,
    Duration timeout)
    implements Receivers.Found {

  public Receiver {
    requireNonNull(id, "id is null");
    requireNonNull(url, "url is null");
    requireNonNull(signer, "signer is null");
    requireNonNull(policy, "policy is null");
    requireNonNull(timeout, "timeout is null");
  }

  /** One that is no stored endpoint: for tests, demonstrations and who embeds the library. */
  public static Receiver of(URI url, List<SigningKey> keys) {
    return new Receiver(
        UUID.nameUUIDFromBytes(new byte[] {1}),
        url,
        new WebhookSigner(keys),
        null,
        StatusPolicy.CARILLON,
        null,
        Endpoint.DEFAULT_TIMEOUT);
  }

  static Receiver of(Endpoint endpoint, Secrets secrets) {
    return new Receiver(
        endpoint.id(),
        endpoint.url(),
        new WebhookSigner(secrets.keys()),
        secrets.tls(),
        endpoint.policy(),
        policy(endpoint.retry()),
        endpoint.timeout());
  }

  private static @Nullable RetryPolicy policy(RetrySchedule schedule) {
    return switch (schedule) {
      case RetrySchedule.Exponential _ -> null;
      case RetrySchedule.Waits(List<Duration> waits) -> RetryPolicy.listed(waits);
    };
  }

  /** Without the URL, which may hold a token. */
  @Override
  public String toString() {
    return "Receiver[id=%s]".formatted(id);
  }
}
