package dev.carillon.webhook.sign;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The signature schemes of Standard Webhooks 1.0.0. */
public enum SignatureKind {
  /** HMAC-SHA256 with a secret that sender and receiver share. */
  V1(32),
  /** Ed25519: the sender keeps the secret, and whoever has the public key can verify. */
  V1A(64);

  private final int signatureBytes;

  SignatureKind(int signatureBytes) {
    this.signatureBytes = signatureBytes;
  }

  /** The kind of a name in lower case, as signatures, JSON and flags spell it. */
  public static Optional<SignatureKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.spelled().equals(name)).findFirst();
  }

  /** The name in lower case: {@code v1} or {@code v1a}. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How long a signature is: SHA-256's 32 bytes, or the 64 of RFC 8032, section 5.1.6. */
  int signatureBytes() {
    return signatureBytes;
  }
}
