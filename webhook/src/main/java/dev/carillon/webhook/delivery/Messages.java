package dev.carillon.webhook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.target.Attempt;
import dev.carillon.webhook.http.WebhookRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Messages as requests: their bodies, headers and signatures. */
final class Messages {

  private static final Pattern NOT_HEADER_TEXT = Pattern.compile("[^\\x21-\\x7E]");

  private Messages() {}

  /** An attempt to tell a receiver of an event. */
  static WebhookRequest of(Attempt attempt, Receiver receiver, Instant now) {
    String id = WebhookTarget.ID_PREFIX + attempt.event().id();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(WebhookTarget.ATTEMPT_HEADER, Integer.toString(attempt.number()));
    headers.put(WebhookTarget.EVENT_TYPE_HEADER, headerText(attempt.event().type()));
    if (attempt.isLate()) {
      headers.put(WebhookTarget.LATE_HEADER, Long.toString(attempt.lateness().toSeconds()));
    }
    return of(id, attempt.payload(), headers, receiver, now);
  }

  /** A signed message. */
  static WebhookRequest of(
      String id, String payload, Map<String, String> headers, Receiver receiver, Instant now) {
    byte[] body = payload.getBytes(UTF_8);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("content-type", "application/json");
    all.put(WebhookTarget.ID_HEADER, id);
    all.put(WebhookTarget.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()));
    all.put(WebhookTarget.SIGNATURE_HEADER, receiver.signer().sign(id, now, body));
    all.putAll(headers);
    return new WebhookRequest(receiver.url(), all, body, receiver.timeout(), receiver.tls());
  }

  private static String headerText(String text) {
    return NOT_HEADER_TEXT.matcher(text).replaceAll("?");
  }
}
