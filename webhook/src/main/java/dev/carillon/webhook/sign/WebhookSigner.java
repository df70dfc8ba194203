package dev.carillon.webhook.sign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Signs messages by Standard Webhooks 1.0.0, scheme {@code v1}. While a secret is being replaced
 * the old and the new key both sign, and a receiver accepts the message that either verifies.
 *
 * @param keys the keys that are live, the current one first
 */
public record WebhookSigner(List<SigningKey> keys) {

  /** The most keys that are live at once. */
  public static final int MAX_KEYS = 10;

  public WebhookSigner {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "keys has %d: from 1 to %d are allowed".formatted(keys.size(), MAX_KEYS));
    }
  }

  /**
   * The value of the {@code webhook-signature} header: one signature a key, separated by spaces.
   *
   * @param id the message's {@code webhook-id}; it has no full stop
   * @param timestamp when this attempt is made; its whole seconds are signed
   * @param body the bytes that are sent
   */
  public String sign(String id, Instant timestamp, byte[] body) {
    if (id.indexOf('.') >= 0) {
      throw new IllegalArgumentException("a webhook id has no full stop: " + id);
    }
    // Standard Webhooks 1.0.0, "Signature scheme": id.timestamp.body
    byte[] head = (id + "." + timestamp.getEpochSecond() + ".").getBytes(UTF_8);
    return keys.stream()
        .map(key -> "v1," + Base64.getEncoder().encodeToString(key.mac(head, body)))
        .collect(Collectors.joining(" "));
  }
}
