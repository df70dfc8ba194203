package dev.carillon.webhook.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key that encrypts other secrets: 32 bytes, written in base64. Only {@link #text} shows it. */
public final class EncryptionKey {

  /** What is allowed, in words. */
  public static final String ALLOWED =
      "the base64 of 32 bytes (openssl rand -base64 32); several are separated by blanks: the first encrypts, all decrypt";

  /** The most keys at once. */
  public static final int MAX_KEYS = 10;

  static final int ID_BYTES = 8;

  private static final int BYTES = 32;
  private static final byte[] ID_LABEL = "carillon encryption key id\0".getBytes(US_ASCII);

  private final byte[] bytes;
  private final byte[] id;

  private EncryptionKey(byte[] bytes) {
    this.bytes = bytes;
    this.id = id(bytes);
  }

  /** A new, random key. */
  public static EncryptionKey generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new EncryptionKey(bytes);
  }

  /**
   * The key that a text stands for.
   *
   * @throws IllegalArgumentException if it is malformed; the message does not repeat it
   */
  public static EncryptionKey parse(String text) {
    byte[] bytes = decoded(text);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "an encryption key is the base64 of %d bytes, not of %d".formatted(BYTES, bytes.length));
    }
    return new EncryptionKey(bytes);
  }

  /**
   * The keys of a text that blanks separate.
   *
   * @throws IllegalArgumentException if one is malformed or there are too many; the message repeats
   *     none
   */
  public static List<EncryptionKey> parseAll(String text) {
    List<EncryptionKey> keys =
        Stream.of(text.strip().split("\\s+")).map(EncryptionKey::parse).toList();
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d encryption keys: at most %d are allowed".formatted(keys.size(), MAX_KEYS));
    }
    return keys;
  }

  /** The key as an operator keeps it. */
  public String text() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Tells keys apart without telling them, in hexadecimal digits. */
  public String shownId() {
    return HexFormat.of().formatHex(id);
  }

  byte[] id() {
    return id.clone();
  }

  SecretKey aes() {
    return new SecretKeySpec(bytes, "AES");
  }

  @Override
  public String toString() {
    return "EncryptionKey[%s]".formatted(shownId());
  }

  private static byte[] id(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ID_LABEL);
      return Arrays.copyOf(digest.digest(key), ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  // The decoder's own message repeats a character of the key, so it is not kept as the cause.
  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("an encryption key is base64");
    }
  }
}
