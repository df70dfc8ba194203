package dev.carillon.webhook.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts texts for the database: AES-256-GCM (NIST SP 800-38D) with a fresh random nonce each,
 * bound to the row and the column that the text belongs to. The first key encrypts; all decrypt. A
 * ciphertext is a version byte, the key's id (8 bytes), the nonce (12), and what GCM yields. Safe
 * for use by many threads.
 */
public final class Vault {

  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int HEAD_BYTES = 1 + EncryptionKey.ID_BYTES;

  private final Map<String, EncryptionKey> keys = new LinkedHashMap<>();
  private final EncryptionKey first;
  private final SecureRandom random = new SecureRandom();

  /**
   * Where a text is kept: a ciphertext that was moved elsewhere does not decrypt.
   *
   * @param row the row's id
   * @param column the column, with its table
   */
  record Place(UUID row, String column) {}

  /**
   * A vault of these keys.
   *
   * @param keys the one that encrypts first
   */
  public Vault(List<EncryptionKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a vault needs a key");
    }
    this.first = keys.getFirst();
    keys.forEach(key -> this.keys.put(key.shownId(), key));
  }

  /** The id of the key that encrypts, in hexadecimal digits. */
  public String firstKeyId() {
    return first.shownId();
  }

  /** Whether more than one key is held, so that secrets of the others may be left. */
  public boolean isRotating() {
    return keys.size() > 1;
  }

  byte[] encrypt(String text, Place place) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] head = ByteBuffer.allocate(HEAD_BYTES).put(VERSION).put(first.id()).array();
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, first, nonce, head, place);
      byte[] sealed = cipher.doFinal(text.getBytes(UTF_8));
      return ByteBuffer.allocate(HEAD_BYTES + NONCE_BYTES + sealed.length)
          .put(head)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /**
   * The text of a ciphertext.
   *
   * @throws UnknownEncryptionKey if no key here has encrypted it
   * @throws IllegalStateException if it was altered, or belongs elsewhere
   */
  String decrypt(byte[] sealed, Place place) {
    if (sealed.length < HEAD_BYTES + NONCE_BYTES + TAG_BITS / 8 || sealed[0] != VERSION) {
      throw broken(place);
    }
    EncryptionKey key = keys.get(keyId(sealed));
    if (key == null) {
      throw new UnknownEncryptionKey(keyId(sealed));
    }
    int body = HEAD_BYTES + NONCE_BYTES;
    byte[] head = Arrays.copyOf(sealed, HEAD_BYTES);
    byte[] nonce = Arrays.copyOfRange(sealed, HEAD_BYTES, body);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, head, place);
      return new String(cipher.doFinal(sealed, body, sealed.length - body), UTF_8);
    } catch (AEADBadTagException _) {
      throw broken(place);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /**
   * Checks that a key is held.
   *
   * @param keyId in hexadecimal digits
   * @throws UnknownEncryptionKey if it is not
   */
  void require(String keyId) {
    if (!keys.containsKey(keyId)) {
      throw new UnknownEncryptionKey(keyId);
    }
  }

  @Override
  public String toString() {
    return "Vault[%s]".formatted(String.join(", ", keys.keySet()));
  }

  private static Cipher cipher(int mode, EncryptionKey key, byte[] nonce, byte[] head, Place place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key.aes(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(head);
    cipher.updateAAD((place.column() + ":" + place.row()).getBytes(UTF_8));
    return cipher;
  }

  private static String keyId(byte[] sealed) {
    return HexFormat.of().formatHex(sealed, 1, HEAD_BYTES);
  }

  private static IllegalStateException broken(Place place) {
    return new IllegalStateException(
        "%s of %s was altered, or belongs to another row".formatted(place.column(), place.row()));
  }
}
