package dev.carillon.webhook.sign;

import java.io.Serial;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * A key pair for {@code v1a} signatures, Ed25519 of RFC 8032. Its secret is written {@code whsk_}
 * and the base64 of the seed and the public key, 64 bytes, as libsodium has it; the seed's 32 bytes
 * alone are accepted too.
 */
public final class Ed25519 implements SigningKey {

  /** The bytes of a seed: what RFC 8032 calls the private key. */
  public static final int SEED_BYTES = 32;

  static final String PREFIX = "whsk_";
  static final String ALGORITHM = "Ed25519";

  private static final int SECRET_BYTES = SEED_BYTES + Ed25519PublicKey.BYTES;

  static final String ALLOWED =
      "a webhook secret for v1a is %s and the base64 of %d bytes (seed, public key) or %d (seed)"
          .formatted(PREFIX, SECRET_BYTES, SEED_BYTES);

  private final byte[] seed;
  private final PrivateKey privateKey;
  private final Ed25519PublicKey publicKey;

  private Ed25519(byte[] seed) {
    this.seed = seed;
    this.privateKey = privateKey(seed);
    this.publicKey = Ed25519PublicKey.of(publicKey(seed));
  }

  static Ed25519 generate() {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    return new Ed25519(seed);
  }

  static Ed25519 parse(String secret) {
    byte[] bytes = KeyText.read(secret, PREFIX, ALLOWED);
    if (bytes.length != SECRET_BYTES && bytes.length != SEED_BYTES) {
      throw new IllegalArgumentException(ALLOWED + ": it has " + bytes.length);
    }
    Ed25519 key = new Ed25519(Arrays.copyOf(bytes, SEED_BYTES));
    if (bytes.length == SECRET_BYTES && !MessageDigest.isEqual(bytes, key.bytes())) {
      throw new IllegalArgumentException(
          ALLOWED + ": its public key is not the one that belongs to its seed");
    }
    return key;
  }

  @Override
  public SignatureKind kind() {
    return SignatureKind.V1A;
  }

  @Override
  public String secret() {
    return KeyText.write(PREFIX, bytes());
  }

  @Override
  public Optional<String> publicKey() {
    return Optional.of(publicKey.text());
  }

  // Keeping the Signature would save nothing that can be measured beside the 0.7 ms of signing.
  @Override
  public byte[] signature(byte[]... parts) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      for (byte[] part : parts) {
        signature.update(part);
      }
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot sign by " + ALGORITHM, e);
    }
  }

  @Override
  public boolean verifies(String id, long timestamp, byte[] body, byte[] signature) {
    return publicKey.verifies(id, timestamp, body, signature);
  }

  @Override
  public String toString() {
    return "SigningKey[v1a, hidden, public key " + publicKey.text() + "]";
  }

  private byte[] bytes() {
    byte[] bytes = Arrays.copyOf(seed, SECRET_BYTES);
    System.arraycopy(publicKey.bytes(), 0, bytes, SEED_BYTES, Ed25519PublicKey.BYTES);
    return bytes;
  }

  private static PrivateKey privateKey(byte[] seed) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform has no " + ALGORITHM, e);
    }
  }

  // JCA derives a public key only while it generates a pair: so it generates one, from this seed.
  private static PublicKey publicKey(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new Repeating(seed));
      var pair = generator.generateKeyPair();
      if (pair.getPrivate() instanceof EdECPrivateKey made
          && made.getBytes().map(bytes -> MessageDigest.isEqual(bytes, seed)).orElse(false)) {
        return pair.getPublic();
      }
      throw new IllegalStateException("this Java platform generates no pair from a given seed");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform has no " + ALGORITHM, e);
    }
  }

  /** Randomness that is always the same bytes. */
  private static final class Repeating extends SecureRandom {

    @Serial private static final long serialVersionUID = 1;

    private final byte[] seed;

    Repeating(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("a seed has %d bytes".formatted(seed.length));
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }
}
