package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;

/**
 * One GET of a text.
 *
 * @param url an http or https address; what else it must be, the client's policy says
 * @param accept the media types that are asked for, as the Accept header has them
 * @param mostBytes the longest text, in bytes
 * @param timeout the longest that all of it may take, from the wait for a connection to the last
 *     byte of the response
 */
public record TextRequest(URI url, String accept, int mostBytes, Duration timeout) {

  /** The longest text that may be asked for, in bytes. */
  public static final int LONGEST_TEXT = 16 * 1024 * 1024;

  public TextRequest {
    requireNonNull(url, "url is null");
    WebhookRequest.requireHeader("Accept", accept);
    WebhookRequest.requireTimeout(timeout, "timeout");
    if (mostBytes < 1 || mostBytes > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "mostBytes is %d: from 1 to %d are allowed".formatted(mostBytes, LONGEST_TEXT));
    }
  }

  /** Does not repeat the address, which may hold a token. */
  @Override
  public String toString() {
    return "TextRequest[accept=%s, mostBytes=%d, timeout=%s]"
        .formatted(accept, mostBytes, Spans.text(timeout));
  }
}
