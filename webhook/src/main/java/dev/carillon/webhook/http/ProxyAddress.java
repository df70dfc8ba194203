package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a forward proxy listens, and as whom to speak to it.
 *
 * @param host a name or an IP address; it is the operator's, and no policy is asked
 * @param port from 1 to 65535
 * @param user for Basic authentication (RFC 7617), without a colon; null for none
 * @param password null without a user
 */
public record ProxyAddress(
    String host, int port, @Nullable String user, @Nullable String password) {

  private static final int MAX_PORT = 65_535;
  private static final String FORM = "http://host:port or http://user:password@host:port";

  public ProxyAddress {
    requireNonNull(host, "host is null");
    require(!host.isBlank(), "the proxy has no host");
    require(port >= 1 && port <= MAX_PORT, "the proxy's port must be from 1 to " + MAX_PORT);
    require(
        (user == null) == (password == null), "the proxy needs both user and password, or none");
    require(user == null || user.indexOf(':') < 0, "the proxy's user must not have a colon");
  }

  /**
   * Reads {@code http://host:port} or {@code http://user:password@host:port}, with user and
   * password percent-encoded.
   *
   * @throws IllegalArgumentException if it is anything else; the message does not repeat it
   */
  public static ProxyAddress parse(String text) {
    URI uri = uri(text.strip());
    require("http".equalsIgnoreCase(uri.getScheme()), "the proxy must be " + FORM);
    require(uri.getHost() != null && uri.getPort() != -1, "the proxy must be " + FORM);
    require(isBare(uri), "the proxy must be %s, without a path".formatted(FORM));
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    String login = uri.getRawUserInfo();
    if (login == null) {
      return new ProxyAddress(host, uri.getPort(), null, null);
    }
    int colon = login.indexOf(':');
    require(colon > 0, "the proxy must be " + FORM);
    return new ProxyAddress(
        host,
        uri.getPort(),
        decoded(login.substring(0, colon)),
        decoded(login.substring(colon + 1)));
  }

  /** Hides the password. */
  @Override
  public String toString() {
    return "ProxyAddress[host=%s, port=%d, user=%s]".formatted(host, port, user);
  }

  /** The value of the Proxy-Authorization header; null if there is no user. */
  @Nullable String authorization() {
    if (user == null) {
      return null;
    }
    byte[] login = (user + ":" + password).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      // Its message would repeat the password.
      throw new IllegalArgumentException("the proxy must be " + FORM);
    }
  }

  private static boolean isBare(URI uri) {
    return (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  // A plus sign is itself here, not a space.
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(rule);
    }
  }
}
