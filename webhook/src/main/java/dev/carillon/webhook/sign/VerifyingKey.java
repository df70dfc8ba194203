package dev.carillon.webhook.sign;

/**
 * A key by which signatures are verified: a secret, or a public key. Safe for use by many threads.
 */
public sealed interface VerifyingKey permits SigningKey, Ed25519PublicKey {

  /**
   * The key that a written secret or public key stands for.
   *
   * @throws IllegalArgumentException if it is malformed; the message does not repeat it
   */
  static VerifyingKey parse(String key) {
    return key.startsWith(Ed25519PublicKey.PREFIX)
        ? Ed25519PublicKey.parse(key)
        : SigningKey.parse(key);
  }

  /** The scheme whose signatures it verifies. */
  SignatureKind kind();

  /**
   * Whether a signature is this key's. The time it takes does not depend on where a wrong one
   * differs.
   *
   * @param id the {@code webhook-id}
   * @param timestamp the {@code webhook-timestamp}, in seconds since 1970
   * @param body the bytes that arrived
   * @param signature the signature's bytes, without the scheme and not in base64
   */
  boolean verifies(String id, long timestamp, byte[] body, byte[] signature);
}
