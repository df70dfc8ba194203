package dev.carillon.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.testkit.receiver.Delivery;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures as a receiver checks them with nothing but the Java platform. */
final class Signatures {

  /** What stands before the key's bytes in a SubjectPublicKeyInfo; RFC 8410, section 4. */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private Signatures() {}

  /** Whether one of the signatures was made with this {@code whsec_} secret. */
  static boolean verifies(String secret, Delivery delivery) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(secret), mac.getAlgorithm()));
      String expected = Base64.getEncoder().encodeToString(mac.doFinal(signed(delivery)));
      return of("v1", delivery).anyMatch(expected::equals);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether one of the signatures was made with the private key of this {@code whpk_} one. */
  static boolean verifiesPublicly(String publicKey, Delivery delivery) {
    byte[] key = bytes(publicKey);
    byte[] x509 = Arrays.copyOf(X509_HEAD, X509_HEAD.length + key.length);
    System.arraycopy(key, 0, x509, X509_HEAD.length, key.length);
    return of("v1a", delivery)
        .anyMatch(signature -> verifies(x509, Base64.getDecoder().decode(signature), delivery));
  }

  private static boolean verifies(byte[] x509, byte[] signature, Delivery delivery) {
    try {
      Signature verification = Signature.getInstance("Ed25519");
      verification.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509)));
      verification.update(signed(delivery));
      return verification.verify(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> of(String kind, Delivery delivery) {
    return Stream.of(String.valueOf(delivery.header("webhook-signature")).split(" "))
        .filter(signature -> signature.startsWith(kind + ","))
        .map(signature -> signature.substring(kind.length() + 1));
  }

  private static byte[] signed(Delivery delivery) {
    String head = delivery.webhookId() + "." + delivery.header("webhook-timestamp") + ".";
    return (head + delivery.body()).getBytes(UTF_8);
  }

  private static byte[] bytes(String key) {
    return Base64.getDecoder().decode(key.substring(key.indexOf('_') + 1));
  }
}
