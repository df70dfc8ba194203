package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM (RFC 7468). No error repeats what was read. */
final class Pem {

  /** The longest text that is read, in characters. */
  static final int MAX_LENGTH = 100_000;

  /** The most certificates in one text. */
  static final int MAX_CERTIFICATES = 100;

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final Pattern LABEL = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----");

  private Pem() {}

  /**
   * The certificates of a text, at least one.
   *
   * @throws IllegalArgumentException if there is none or one cannot be read
   */
  static List<X509Certificate> certificates(String text, String name) {
    requireLength(text, name);
    if (!text.contains("-----BEGIN CERTIFICATE-----")) {
      throw new IllegalArgumentException(
          name + " must hold -----BEGIN CERTIFICATE-----, which it does not");
    }
    List<X509Certificate> all = parsed(text, name);
    if (all.isEmpty() || all.size() > MAX_CERTIFICATES) {
      throw new IllegalArgumentException(
          "%s must hold from 1 to %d certificates, and holds %d"
              .formatted(name, MAX_CERTIFICATES, all.size()));
    }
    return all;
  }

  /**
   * The private key of a text.
   *
   * @throws IllegalArgumentException if it is no PKCS#8 key of RSA, EC or Ed25519
   */
  static PrivateKey privateKey(String text, String name) {
    requireLength(text, name);
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      throw new IllegalArgumentException(name + " " + insteadOfKey(text));
    }
    byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException _) {
        // Perhaps it is one of the next algorithm.
      }
    }
    throw new IllegalArgumentException(
        name + " must be a key of RSA, EC or Ed25519, and is none or damaged");
  }

  private static List<X509Certificate> parsed(String text, String name) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(text.getBytes(US_ASCII)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException _) {
      throw new IllegalArgumentException(
          name + " has a certificate that cannot be read: it is damaged");
    }
  }

  private static String insteadOfKey(String text) {
    Matcher label = LABEL.matcher(text);
    String found = label.find() ? label.group(1) : "";
    return switch (found) {
      case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
          "must be PKCS#8, and is not: convert it with openssl pkcs8 -topk8 -nocrypt";
      case "ENCRYPTED PRIVATE KEY" ->
          "must not be encrypted: decrypt it with openssl pkcs8 -in key.pem";
      default -> "must hold -----BEGIN PRIVATE KEY-----, which it does not";
    };
  }

  private static void requireLength(String text, String name) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "%s is longer than %d characters".formatted(name, MAX_LENGTH));
    }
  }
}
