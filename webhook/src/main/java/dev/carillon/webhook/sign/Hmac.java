package dev.carillon.webhook.sign;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret shared with a receiver, for {@code v1} signatures: 24 to 64 bytes, written {@code
 * whsec_} and base64, as Standard Webhooks 1.0.0 asks.
 */
public final class Hmac implements SigningKey {

  /** The fewest bytes of a secret. */
  public static final int MIN_BYTES = 24;

  /** The most bytes of a secret. */
  public static final int MAX_BYTES = 64;

  static final String PREFIX = "whsec_";
  static final String ALLOWED =
      "a webhook secret for v1 is %s and the base64 of %d to %d bytes"
          .formatted(PREFIX, MIN_BYTES, MAX_BYTES);

  private static final int GENERATED_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] bytes;
  private final SecretKeySpec key;

  private Hmac(byte[] bytes) {
    this.bytes = bytes;
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  static Hmac generate() {
    byte[] bytes = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Hmac(bytes);
  }

  static Hmac parse(String secret) {
    byte[] bytes = KeyText.read(secret, PREFIX, ALLOWED);
    if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(ALLOWED + ": it has " + bytes.length);
    }
    return new Hmac(bytes);
  }

  @Override
  public SignatureKind kind() {
    return SignatureKind.V1;
  }

  @Override
  public String secret() {
    return KeyText.write(PREFIX, bytes);
  }

  @Override
  public Optional<String> publicKey() {
    return Optional.empty();
  }

  // A Mac of its own for each signature: 1.1 microseconds instead of the 0.9 of a clone, measured
  // with 500 bytes, and nothing is shared between threads.
  @Override
  public byte[] signature(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  @Override
  public boolean verifies(String id, long timestamp, byte[] body, byte[] signature) {
    return MessageDigest.isEqual(signature(SignedText.head(id, timestamp), body), signature);
  }

  @Override
  public String toString() {
    return "SigningKey[v1, hidden]";
  }
}
