package dev.carillon.webhook.sign;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Signs messages by Standard Webhooks 1.0.0. While a secret is being replaced the old and the new
 * key both sign, and a receiver accepts the message that either verifies; the keys may be of both
 * kinds.
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
   * @param id the message's {@code webhook-id}: visible ASCII characters, none of them a full stop
   * @param timestamp when this attempt is made; its whole seconds are signed
   * @param body the bytes that are sent
   */
  public String sign(String id, Instant timestamp, byte[] body) {
    return keys.stream()
        .map(key -> key.sign(id, timestamp.getEpochSecond(), body))
        .collect(Collectors.joining(" "));
  }
}
