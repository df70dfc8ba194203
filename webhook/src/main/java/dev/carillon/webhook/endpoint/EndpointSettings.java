package dev.carillon.webhook.endpoint;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.http.ClientTls;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an owner may choose of an endpoint, but for its keys.
 *
 * @param name names it to people
 * @param url where messages are posted to
 * @param policy what its answers mean
 * @param retry when a message is sent again
 * @param traffic how much it is sent
 * @param timeout how long one attempt may take in all; whole milliseconds
 * @param alerts whether it is told of other endpoints' troubles
 * @param tls how it is spoken to over TLS; null if as the system does
 */
public record EndpointSettings(
    String name,
    URI url,
    StatusPolicy policy,
    RetrySchedule retry,
    Traffic traffic,
    Duration timeout,
    boolean alerts,
    @Nullable ClientTls tls) {

  public EndpointSettings {
    requireName(name);
    requireUrl(url);
    requireTimeout(timeout);
    requireNonNull(policy, "policy is null");
    requireNonNull(retry, "retry is null");
    requireNonNull(traffic, "traffic is null");
  }

  /** An endpoint of which nothing more was chosen. */
  public static EndpointSettings of(String name, URI url) {
    return new EndpointSettings(
        name,
        url,
        StatusPolicy.CARILLON,
        RetrySchedule.EXPONENTIAL,
        Traffic.DEFAULT,
        Endpoint.DEFAULT_TIMEOUT,
        false,
        null);
  }

  /** What was chosen of an endpoint. */
  static EndpointSettings of(Endpoint endpoint, @Nullable ClientTls tls) {
    return new EndpointSettings(
        endpoint.name(),
        endpoint.url(),
        endpoint.policy(),
        endpoint.retry(),
        endpoint.traffic(),
        endpoint.timeout(),
        endpoint.alerts(),
        tls);
  }

  /** The same endpoint, elsewhere. */
  public EndpointSettings withUrl(URI other) {
    return new EndpointSettings(name, other, policy, retry, traffic, timeout, alerts, tls);
  }

  static void requireName(String name) {
    if (!Endpoint.isName(name)) {
      throw new IllegalArgumentException("an endpoint's name is " + Endpoint.NAME_ALLOWED);
    }
  }

  static void requireUrl(URI url) {
    UrlRule.FORM
        .problem(url.toString())
        .ifPresent(problem -> {
          throw new IllegalArgumentException("an endpoint's URL " + problem);
        });
  }

  static void requireTimeout(Duration timeout) {
    boolean allowed =
        timeout.compareTo(Endpoint.MIN_TIMEOUT) >= 0
            && timeout.compareTo(Endpoint.MAX_TIMEOUT) <= 0
            && timeout.toNanosPart() % 1_000_000 == 0;
    if (!allowed) {
      throw new IllegalArgumentException(
          "a time-out is from %s to %s in whole milliseconds, not %s"
              .formatted(Endpoint.MIN_TIMEOUT, Endpoint.MAX_TIMEOUT, timeout));
    }
  }

  /** Without the URL, which may hold a token. */
  @Override
  public String toString() {
    return "EndpointSettings[name=%s]".formatted(name);
  }
}
