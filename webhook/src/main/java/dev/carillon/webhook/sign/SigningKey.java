package dev.carillon.webhook.sign;

import java.util.Base64;
import java.util.Optional;

/**
 * A secret that signs messages by Standard Webhooks 1.0.0. Safe for use by many threads; nothing
 * but {@link #secret()} shows the secret.
 */
public sealed interface SigningKey extends VerifyingKey permits Hmac, Ed25519 {

  /** A new, random key for {@code v1} signatures. */
  static SigningKey generate() {
    return generate(SignatureKind.V1);
  }

  /** A new, random key. */
  static SigningKey generate(SignatureKind kind) {
    return switch (kind) {
      case V1 -> Hmac.generate();
      case V1A -> Ed25519.generate();
    };
  }

  /**
   * The key that a written secret stands for; its prefix says of which kind it is.
   *
   * @throws IllegalArgumentException if it is malformed; the message does not repeat it
   */
  static SigningKey parse(String secret) {
    if (secret.startsWith(Hmac.PREFIX)) {
      return Hmac.parse(secret);
    }
    if (secret.startsWith(Ed25519.PREFIX)) {
      return Ed25519.parse(secret);
    }
    if (secret.startsWith(Ed25519PublicKey.PREFIX)) {
      throw new IllegalArgumentException(
          "a public key (%s) is no secret: it verifies and cannot sign"
              .formatted(Ed25519PublicKey.PREFIX));
    }
    throw new IllegalArgumentException(
        "%s; %s: it has neither prefix".formatted(Hmac.ALLOWED, Ed25519.ALLOWED));
  }

  /** The secret in writing. Show it once, to its owner. */
  String secret();

  /** What receivers verify by, in writing; empty if they need the secret itself. */
  Optional<String> publicKey();

  /** The bytes of a signature over the parts, one after the other. */
  byte[] signature(byte[]... parts);

  /**
   * One signature as {@code webhook-signature} lists it, such as {@code v1,g0hM9SsE+OTPJTGt...}.
   *
   * @param id the {@code webhook-id}: visible ASCII characters, and none of them a full stop
   * @param timestamp the {@code webhook-timestamp}, in seconds since 1970
   * @param body the bytes that are sent
   * @throws IllegalArgumentException if the id is none
   */
  default String sign(String id, long timestamp, byte[] body) {
    byte[] signature = signature(SignedText.head(id, timestamp), body);
    return kind().spelled() + "," + Base64.getEncoder().encodeToString(signature);
  }
}
