package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One POST.
 *
 * @param url an http or https address; what else it must be, the client's policy says
 * @param headers sent in this order, after those that the client itself sets
 * @param body what is sent; not copied
 * @param timeout the longest that all of it may take, from the wait for a connection to the last
 *     byte of the response
 * @param tls keys and trust of this endpoint; null for those of the Java platform
 */
// The bytes that were signed are the bytes that are sent; a copy of each would only cost.
@SuppressWarnings("ArrayRecordComponent")
public record WebhookRequest(
    URI url, Map<String, String> headers, byte[] body, Duration timeout, @Nullable ClientTls tls) {

  /** The shortest time-out that is allowed. */
  public static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

  /** The longest time-out that is allowed. */
  public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

  // What frames the message and keeps the connection is the client's business.
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  public WebhookRequest {
    requireNonNull(url, "url is null");
    requireNonNull(body, "body is null");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    headers.forEach(WebhookRequest::requireHeader);
    requireTimeout(timeout, "timeout");
  }

  /** Does not repeat what may be secret. */
  @Override
  public String toString() {
    return "WebhookRequest[%d headers, %d bytes, timeout=%s]"
        .formatted(headers.size(), body.length, Spans.text(timeout));
  }

  static void requireTimeout(Duration timeout, String name) {
    requireNonNull(timeout, name + " is null");
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "%s is %s: from %s to %s are allowed"
              .formatted(name, timeout, Spans.text(SHORTEST_TIMEOUT), Spans.text(LONGEST_TIMEOUT)));
    }
  }

  /** RFC 9110, sections 5.1 and 5.5. */
  static void requireHeader(String name, String value) {
    if (name.isEmpty() || !name.chars().allMatch(WebhookRequest::isToken)) {
      throw new IllegalArgumentException(
          "headers has a name that is no HTTP token: letters, digits and "
              + TOKEN_SIGNS
              + " are allowed");
    }
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("headers has %s, which the client sets".formatted(name));
    }
    if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))) {
      throw new IllegalArgumentException(
          "headers has a value of %s with other than printable ASCII characters".formatted(name));
    }
  }

  private static boolean isToken(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }
}
