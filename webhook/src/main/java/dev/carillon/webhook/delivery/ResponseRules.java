package dev.carillon.webhook.delivery;

import dev.carillon.target.Outcome;
import dev.carillon.webhook.http.PlainText;
import dev.carillon.webhook.http.WebhookResponse;
import java.time.Instant;

/**
 * The rules by which a receiver's answer becomes an outcome. Only the status decides: a 2xx is done
 * even where its body breaks off, because the receiver has accepted the event.
 *
 * <ul>
 *   <li>2xx: succeeded
 *   <li>3xx: rejected; a redirect is never followed
 *   <li>4xx: rejected, but 408, 425 and 429 are retryable (RFC 9110, section 15.5.9; RFC 8470; RFC
 *       6585)
 *   <li>5xx and any other status: retryable
 * </ul>
 */
public final class ResponseRules {

  /** The most characters of a response's body that a reason repeats. */
  public static final int MAX_BODY_IN_REASON = 200;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY_REQUESTS = 429;

  private ResponseRules() {}

  /**
   * The outcome of an attempt that was answered.
   *
   * @param now when the answer came, for a {@code Retry-After} that names a date
   */
  public static Outcome outcome(WebhookResponse response, Instant now) {
    return switch (response.status() / 100) {
      case 2 -> new Outcome.Succeeded();
      case 3 -> new Outcome.Rejected(reason(response, "a redirect, which is never followed"));
      case 4 -> clientError(response, now);
      default -> retryable(response, now);
    };
  }

  private static Outcome clientError(WebhookResponse response, Instant now) {
    return switch (response.status()) {
      case REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY_REQUESTS -> retryable(response, now);
      default -> new Outcome.Rejected(reason(response, ""));
    };
  }

  private static Outcome retryable(WebhookResponse response, Instant now) {
    String header = response.retryAfter();
    return new Outcome.Retryable(
        reason(response, ""), header == null ? null : RetryAfter.parse(header, now), null, null);
  }

  private static String reason(WebhookResponse response, String note) {
    StringBuilder reason = new StringBuilder("HTTP ").append(response.status());
    if (!note.isEmpty()) {
      reason.append(", ").append(note);
    }
    String body = PlainText.of(response.body(), MAX_BODY_IN_REASON);
    if (!body.isEmpty()) {
      reason.append(": ").append(body);
    }
    return reason.toString();
  }
}
