package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects.
 *
 * @param connectTimeout the longest wait for each of: a free connection, each address dialled, the
 *     proxy's answer, the TLS handshake
 * @param maxConnections how many connections may be open at once, to all endpoints together
 * @param addresses which addresses may be dialled
 * @param names looks host names up, the proxy's too
 * @param proxy what every connection goes through; null for none
 * @param userAgent the User-Agent header
 */
public record ClientConfig(
    Duration connectTimeout,
    int maxConnections,
    AddressPolicy addresses,
    NameResolver names,
    @Nullable ProxyAddress proxy,
    String userAgent) {

  /** See {@link #connectTimeout}. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** See {@link #maxConnections}. */
  public static final int DEFAULT_MAX_CONNECTIONS = 1000;

  /** The most connections that are allowed. */
  public static final int MOST_CONNECTIONS = 10_000;

  public ClientConfig {
    WebhookRequest.requireTimeout(connectTimeout, "connectTimeout");
    requireNonNull(addresses, "addresses is null");
    requireNonNull(names, "names is null");
    requireNonNull(userAgent, "userAgent is null");
    if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
      throw new IllegalArgumentException(
          "maxConnections is %d: from 1 to %d are allowed"
              .formatted(maxConnections, MOST_CONNECTIONS));
    }
  }
}
