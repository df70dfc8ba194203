package dev.carillon.server.endpoint;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.webhook.endpoint.EndpointChange.Rotated;
import dev.carillon.webhook.endpoint.LiveKey;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signing keys as JSON. */
final class KeyViews {

  private KeyViews() {}

  /** A live key, without its secret. */
  @JsonNaming(SnakeCaseStrategy.class)
  record KeyView(
      UUID id,
      String signature,
      @Nullable String publicKey,
      Instant createdAt,
      @Nullable Instant expiresAt) {

    static KeyView of(LiveKey key) {
      return new KeyView(
          key.id(), key.kind().spelled(), key.publicKey(), key.createdAt(), key.expiresAt());
    }
  }

  /** A new key, the only time that its secret is shown, and all that are live. */
  @JsonNaming(SnakeCaseStrategy.class)
  record RotatedView(UUID id, String signature, String secret, long revision, List<KeyView> keys) {

    static RotatedView of(Rotated rotated) {
      return new RotatedView(
          rotated.endpoint().id(),
          rotated.key().kind().spelled(),
          rotated.key().secret(),
          rotated.endpoint().revision(),
          rotated.keys().stream().map(KeyView::of).toList());
    }

    @Override
    public String toString() {
      return "RotatedView[%s]".formatted(id);
    }
  }

  /** The public keys that verify an endpoint's messages now, the current one first. */
  @JsonNaming(SnakeCaseStrategy.class)
  record PublicKeys(List<KeyView> publicKeys) {

    static PublicKeys of(List<LiveKey> keys) {
      return new PublicKeys(
          keys.stream().filter(key -> key.publicKey() != null).map(KeyView::of).toList());
    }
  }
}
