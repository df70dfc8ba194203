package dev.carillon.webhook.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an endpoint, read so that no two readers can differ about whom it names.
 *
 * @param uri the normal form: scheme and host in lower case, no trailing dot, ASCII only
 */
record EndpointUrl(boolean https, HostSpelling host, int port, URI uri) {

  private static final Pattern PARTS =
      Pattern.compile("(?i)(https?)://([^/?#]*)(.*)", Pattern.DOTALL);
  private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");

  /**
   * Reads a URL. No message repeats any of it: it may hold a password or a token.
   *
   * @throws IllegalArgumentException if it is none that could be delivered to, with words for
   *     people
   */
  static EndpointUrl parse(String url) {
    requireCharacters(url);
    Matcher parts = PARTS.matcher(url);
    require(parts.matches(), "the URL must begin with https:// or http://");
    String authority = parts.group(2);
    require(url.indexOf('#') < 0, "the URL must not have a fragment (#...)");
    require(authority.indexOf('@') < 0, "the URL must not have a user name or password");
    int colon = portColon(authority);
    String hostText = colon < 0 ? authority : authority.substring(0, colon);
    require(!hostText.isEmpty(), "the URL must have a host");
    HostSpelling host = HostSpelling.read(hostText);
    boolean https = parts.group(1).length() == "https".length();
    int port = colon < 0 ? (https ? 443 : 80) : port(authority.substring(colon + 1));
    String shown = host.shown();
    String normal =
        (https ? "https://" : "http://") + shown + (colon < 0 ? "" : ":" + port) + parts.group(3);
    return new EndpointUrl(https, host, port, uri(normal, shown, colon < 0 ? -1 : port));
  }

  private static void requireCharacters(String url) {
    require(
        url.length() <= AddressPolicy.MAX_URL_LENGTH,
        "the URL must not be longer than %d characters".formatted(AddressPolicy.MAX_URL_LENGTH));
    require(
        url.chars().noneMatch(EndpointUrl::isBlankOrControl),
        "the URL must not have blanks or control characters");
    require(url.indexOf('\\') < 0, "the URL must not have backslashes");
    require(UTF_8.newEncoder().canEncode(url), "the URL must be Unicode");
  }

  private static boolean isBlankOrControl(int c) {
    return Character.isISOControl(c) || Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  // Colons within brackets are of IPv6.
  private static int portColon(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? colon : -1;
  }

  private static int port(String text) {
    require(
        PORT.matcher(text).matches() && Integer.parseInt(text) <= ServicePorts.MAX_PORT,
        "the port must be a number from 1 to %d".formatted(ServicePorts.MAX_PORT));
    return Integer.parseInt(text);
  }

  // The client reads the URL by this class: it must see the same host and port as was judged.
  private static URI uri(String url, String host, int port) {
    try {
      URI uri = new URI(new URI(url).toASCIIString());
      require(
          host.equals(uri.getHost()) && uri.getPort() == port,
          "the host or port of the URL is malformed");
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the path or query of the URL is malformed", e);
    }
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(rule);
    }
  }
}
