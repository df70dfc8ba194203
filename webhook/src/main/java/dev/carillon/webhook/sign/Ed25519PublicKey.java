package dev.carillon.webhook.sign;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public key by which {@code v1a} signatures are verified: written {@code whpk_} and the base64
 * of 32 bytes. It is no secret. Safe for use by many threads.
 */
public final class Ed25519PublicKey implements VerifyingKey {

  /** The bytes of a public key. */
  public static final int BYTES = 32;

  static final String PREFIX = "whpk_";

  private static final String ALLOWED =
      "a webhook public key is %s and the base64 of %d bytes".formatted(PREFIX, BYTES);

  /** What stands before the key's bytes in a SubjectPublicKeyInfo; RFC 8410, section 4. */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private final byte[] bytes;
  private final PublicKey key;

  private Ed25519PublicKey(byte[] bytes, PublicKey key) {
    this.bytes = bytes;
    this.key = key;
  }

  static Ed25519PublicKey of(PublicKey key) {
    byte[] x509 = key.getEncoded();
    return new Ed25519PublicKey(Arrays.copyOfRange(x509, X509_HEAD.length, x509.length), key);
  }

  /**
   * The key that a written public key stands for.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static Ed25519PublicKey parse(String text) {
    byte[] bytes = KeyText.read(text, PREFIX, ALLOWED);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(ALLOWED + ": it has " + bytes.length);
    }
    try {
      PublicKey key = decoded(bytes);
      verification(key);
      return new Ed25519PublicKey(bytes, key);
    } catch (GeneralSecurityException _) {
      throw new IllegalArgumentException(ALLOWED + ": they are no point of the curve");
    }
  }

  /** The key in writing. */
  public String text() {
    return KeyText.write(PREFIX, bytes);
  }

  @Override
  public SignatureKind kind() {
    return SignatureKind.V1A;
  }

  @Override
  public boolean verifies(String id, long timestamp, byte[] body, byte[] signature) {
    return verifies(signature, SignedText.head(id, timestamp), body);
  }

  boolean verifies(byte[] signature, byte[]... parts) {
    try {
      Signature verification = verification(key);
      for (byte[] part : parts) {
        verification.update(part);
      }
      return verification.verify(signature);
    } catch (SignatureException _) {
      // So the platform says that the signature has no valid form.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot verify by Ed25519", e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return text();
  }

  private static PublicKey decoded(byte[] bytes) throws GeneralSecurityException {
    byte[] x509 = Arrays.copyOf(X509_HEAD, X509_HEAD.length + BYTES);
    System.arraycopy(bytes, 0, x509, X509_HEAD.length, BYTES);
    return KeyFactory.getInstance(Ed25519.ALGORITHM).generatePublic(new X509EncodedKeySpec(x509));
  }

  private static Signature verification(PublicKey key) throws GeneralSecurityException {
    Signature verification = Signature.getInstance(Ed25519.ALGORITHM);
    verification.initVerify(key);
    return verification;
  }
}
