package dev.carillon.webhook.receiving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.WebhookSigner;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What arrives at a receiver. */
record Message(Map<String, String> headers, String body) {

  static final String BODY =
      "{\"type\":\"user.birthday\",\"data\":{\"message\":\"Hey, Zo\u00eb \ud83c\udf82\"}}";

  /** A message that was really signed, by all the keys. */
  static Message signed(Instant at, SigningKey... keys) {
    String id = "evt_0198c000-0000-7000-8000-000000000000";
    return new Message(
        Map.of(
            "webhook-id", id,
            "webhook-timestamp", Long.toString(at.getEpochSecond()),
            "webhook-signature",
                new WebhookSigner(List.of(keys)).sign(id, at, BODY.getBytes(UTF_8))),
        BODY);
  }

  String header(String name) {
    return requireNonNull(headers.get(name));
  }

  Message withBody(String other) {
    return new Message(headers, other);
  }
}
