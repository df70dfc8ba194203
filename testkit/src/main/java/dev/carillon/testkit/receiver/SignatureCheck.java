package dev.carillon.testkit.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.Headers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks {@code v1} signatures as a receiver does, by the text of Standard Webhooks 1.0.0 and apart
 * from the code that signs. The timestamp's age is not looked at: the sender's clock may be a
 * simulated one.
 */
final class SignatureCheck {

  private static final Pattern SPACE = Pattern.compile(" ");

  private final List<SecretKeySpec> keys;

  SignatureCheck(List<String> secrets) {
    this.keys = secrets.stream().map(SignatureCheck::key).toList();
  }

  /** Whether one of the signatures fits one of the secrets. */
  boolean verifies(Headers headers, byte[] body) {
    String id = headers.getFirst("webhook-id");
    String timestamp = headers.getFirst("webhook-timestamp");
    String signatures = headers.getFirst("webhook-signature");
    if (id == null || timestamp == null || signatures == null) {
      return false;
    }
    byte[] head = (id + '.' + timestamp + '.').getBytes(US_ASCII);
    return keys.stream().anyMatch(key -> contains(signatures, expected(key, head, body)));
  }

  private static boolean contains(String signatures, byte[] expected) {
    return SPACE
        .splitAsStream(signatures)
        .anyMatch(given -> MessageDigest.isEqual(given.getBytes(US_ASCII), expected));
  }

  private static byte[] expected(SecretKeySpec key, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      mac.update(head);
      String signature = Base64.getEncoder().encodeToString(mac.doFinal(body));
      return ("v1," + signature).getBytes(US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecretKeySpec key(String secret) {
    String base64 = secret.startsWith("whsec_") ? secret.substring("whsec_".length()) : secret;
    return new SecretKeySpec(Base64.getDecoder().decode(base64), "HmacSHA256");
  }
}
