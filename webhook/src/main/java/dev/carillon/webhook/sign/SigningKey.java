package dev.carillon.webhook.sign;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret shared with a receiver: 24 to 64 bytes, written {@code whsec_} and base64, as Standard
 * Webhooks 1.0.0 asks for its {@code v1} signatures. Safe for use by many threads; nothing but
 * {@link #secret()} shows the secret.
 */
public final class SigningKey {

  /** The fewest bytes of a secret. */
  public static final int MIN_BYTES = 24;

  /** The most bytes of a secret. */
  public static final int MAX_BYTES = 64;

  private static final int GENERATED_BYTES = 32;
  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final String ALLOWED =
      "a webhook secret is %s and the base64 of %d to %d bytes"
          .formatted(PREFIX, MIN_BYTES, MAX_BYTES);

  private final byte[] bytes;

  private SigningKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new, random key of 32 bytes. */
  public static SigningKey generate() {
    byte[] bytes = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new SigningKey(bytes);
  }

  /**
   * The key that a written secret stands for.
   *
   * @throws IllegalArgumentException if it is malformed; the message does not repeat it
   */
  public static SigningKey parse(String secret) {
    if (!secret.startsWith(PREFIX)) {
      throw new IllegalArgumentException(ALLOWED + ": the prefix is missing");
    }
    byte[] bytes = decoded(secret.substring(PREFIX.length()));
    if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(ALLOWED + ": it has " + bytes.length);
    }
    return new SigningKey(bytes);
  }

  /** The secret as the receiver needs it. Show it once, to its owner. */
  public String secret() {
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  /** The HMAC-SHA256 of the parts, one after the other. */
  byte[] mac(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes, ALGORITHM));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[hidden]";
  }

  // The decoder's own message repeats a character of the secret, so it is not kept as the cause.
  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(ALLOWED + ": it is not base64");
    }
  }
}
