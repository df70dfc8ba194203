package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.Spans;
import dev.carillon.webhook.http.WebhookRequest;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.WebhookSigner;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where events are delivered, how they are signed and how long a delivery may take.
 *
 * @param url an http or https address with a host, without user name, password or fragment
 * @param keys the live keys, the current one first; see {@link WebhookSigner}
 * @param connectTimeout the longest wait for each of: a free connection, the TCP connection, the
 *     TLS handshake
 * @param totalTimeout the longest that an attempt takes, whatever the receiver does
 * @param maxConnections how many connections may be open at once
 */
public record WebhookConfig(
    URI url,
    List<SigningKey> keys,
    Duration connectTimeout,
    Duration totalTimeout,
    int maxConnections) {

  /** See {@link #totalTimeout}. */
  public static final Duration DEFAULT_TOTAL_TIMEOUT = Duration.ofSeconds(20);

  /** The longest address, in characters. */
  public static final int MAX_URL_LENGTH = 2048;

  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final int MAX_PORT = 65_535;

  public WebhookConfig {
    keys = new WebhookSigner(keys).keys();
    requireUrl(url);
    requireTimeout(connectTimeout, "connectTimeout");
    requireTimeout(totalTimeout, "totalTimeout");
    if (maxConnections < 1 || maxConnections > ClientConfig.MOST_CONNECTIONS) {
      throw new IllegalArgumentException(
          "maxConnections is %d: from 1 to %d are allowed"
              .formatted(maxConnections, ClientConfig.MOST_CONNECTIONS));
    }
  }

  /** A configuration with the default time-outs and limits. */
  public WebhookConfig(URI url, List<SigningKey> keys) {
    this(
        url,
        keys,
        ClientConfig.DEFAULT_CONNECT_TIMEOUT,
        DEFAULT_TOTAL_TIMEOUT,
        ClientConfig.DEFAULT_MAX_CONNECTIONS);
  }

  // No message repeats the address: it may hold a password or a token.
  private static void requireUrl(URI url) {
    requireNonNull(url, "url is null");
    String scheme = url.getScheme();
    require(
        scheme != null && SCHEMES.contains(scheme.toLowerCase(Locale.ROOT)),
        "must begin with http:// or https://");
    require(
        url.getRawUserInfo() == null && !hasAt(url.getRawAuthority()),
        "must not have a user name or password");
    require(
        url.getHost() != null && !url.getHost().isEmpty(),
        "must have a host: a name of ASCII letters, digits, hyphens and full stops, or an IP address");
    require(
        url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= MAX_PORT),
        "must have a port from 1 to " + MAX_PORT + ", or none");
    require(url.getRawFragment() == null, "must not have a fragment (#...)");
    require(
        url.toString().length() <= MAX_URL_LENGTH,
        "must not be longer than " + MAX_URL_LENGTH + " characters");
  }

  private static boolean hasAt(@Nullable String authority) {
    return authority != null && authority.indexOf('@') >= 0;
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException("url " + rule);
    }
  }

  private static void requireTimeout(Duration timeout, String name) {
    requireNonNull(timeout, name + " is null");
    if (timeout.compareTo(WebhookRequest.SHORTEST_TIMEOUT) < 0
        || timeout.compareTo(WebhookRequest.LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "%s is %s: from %s to %s are allowed"
              .formatted(
                  name,
                  timeout,
                  Spans.text(WebhookRequest.SHORTEST_TIMEOUT),
                  Spans.text(WebhookRequest.LONGEST_TIMEOUT)));
    }
  }
}
