package dev.carillon.webhook.endpoint;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.sign.SignatureKind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A signing key of an endpoint, without its secret.
 *
 * @param id names it
 * @param kind what it signs with
 * @param publicKey what receivers verify with; null for a kind that has none
 * @param createdAt when it was made
 * @param expiresAt when it signs no more; null if no end is set
 */
public record LiveKey(
    UUID id,
    SignatureKind kind,
    @Nullable String publicKey,
    Instant createdAt,
    @Nullable Instant expiresAt) {

  public LiveKey {
    requireNonNull(id, "id is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(createdAt, "createdAt is null");
  }
}
