package dev.carillon.webhook.http;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint asks of TLS beyond the ordinary: a certificate to present (mutual TLS), or an
 * authority of its own. Checked when it is made, which takes about a millisecond: make it once for
 * an endpoint, not for each request.
 *
 * @param clientCertificatePem the certificate presented, first, and those between it and the
 *     receiver's authority; null to present none
 * @param clientKeyPem its private key, PKCS#8, not encrypted; RSA, EC or Ed25519
 * @param caPem the certificates trusted instead of the Java platform's; null for the platform's
 */
public record ClientTls(
    @Nullable String clientCertificatePem, @Nullable String clientKeyPem, @Nullable String caPem) {

  private static final byte[] SAMPLE = new byte[32];

  /**
   * Checks that it can be used.
   *
   * @throws IllegalArgumentException if it cannot; the message names the component and does not
   *     repeat it
   */
  public ClientTls {
    if ((clientCertificatePem == null) != (clientKeyPem == null)) {
      throw new IllegalArgumentException(
          "clientCertificatePem and clientKeyPem must be given both or not at all");
    }
    if (clientCertificatePem == null && caPem == null) {
      throw new IllegalArgumentException(
          "clientCertificatePem or caPem must be given: without either there is nothing to set");
    }
    if (clientCertificatePem != null && clientKeyPem != null) {
      List<X509Certificate> chain = Pem.certificates(clientCertificatePem, "clientCertificatePem");
      X509Certificate own = chain.getFirst();
      requireMatch(own, Pem.privateKey(clientKeyPem, "clientKeyPem"));
    }
    if (caPem != null) {
      Pem.certificates(caPem, "caPem");
    }
  }

  /** When the certificate that is presented expires; null if there is none. */
  public @Nullable Instant expires() {
    List<X509Certificate> chain = chain();
    return chain.isEmpty() ? null : chain.getFirst().getNotAfter().toInstant();
  }

  /**
   * Checks that every certificate is valid at a time.
   *
   * @throws IllegalArgumentException if one has expired or is not yet valid; the message says which
   */
  public void requireValidAt(Instant now) {
    requireValid(chain(), "clientCertificatePem", now);
    requireValid(authorities(), "caPem", now);
  }

  /** Hides the key. */
  @Override
  public String toString() {
    return "ClientTls[clientCertificate=%s, ca=%s]"
        .formatted(clientCertificatePem != null, caPem != null);
  }

  /** The certificates that are presented, the own one first; empty for none. */
  List<X509Certificate> chain() {
    return clientCertificatePem == null
        ? List.of()
        : Pem.certificates(clientCertificatePem, "clientCertificatePem");
  }

  /** The certificates that are trusted; empty for those of the platform. */
  List<X509Certificate> authorities() {
    return caPem == null ? List.of() : Pem.certificates(caPem, "caPem");
  }

  /** The private key; null for none. */
  @Nullable PrivateKey key() {
    return clientKeyPem == null ? null : Pem.privateKey(clientKeyPem, "clientKeyPem");
  }

  private static void requireValid(List<X509Certificate> all, String name, Instant now) {
    for (X509Certificate one : all) {
      Instant from = one.getNotBefore().toInstant();
      Instant to = one.getNotAfter().toInstant();
      if (now.isAfter(to)) {
        throw new IllegalArgumentException("%s: a certificate expired at %s".formatted(name, to));
      }
      if (now.isBefore(from)) {
        throw new IllegalArgumentException(
            "%s: a certificate is valid only from %s".formatted(name, from));
      }
    }
  }

  // A key that is not the certificate's would only be found out by the receiver's refusal.
  private static void requireMatch(X509Certificate certificate, PrivateKey key) {
    if (!matches(certificate, key)) {
      throw new IllegalArgumentException(
          "clientKeyPem is not the key of the first certificate in clientCertificatePem");
    }
  }

  private static boolean matches(X509Certificate certificate, PrivateKey key) {
    String ofCertificate = certificate.getPublicKey().getAlgorithm();
    if (!ofCertificate.equals(key.getAlgorithm())) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(signatureOf(ofCertificate));
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static String signatureOf(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> algorithm;
    };
  }
}
