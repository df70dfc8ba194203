package dev.carillon.webhook.receiving;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;

record V1aReceiver(String publicKey) {

  /** Throws unless the message is genuine; the body is the bytes that arrived, untouched. */
  void verify(UnaryOperator<String> header, byte[] body) throws GeneralSecurityException {
    String timestamp = header.apply("webhook-timestamp");
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) {
      throw new GeneralSecurityException("not sent just now");
    }
    // A public key in X.509 is this head, which never differs, and the 32 bytes.
    String x509 = "MCowBQYDK2VwAyEA" + publicKey.substring("whpk_".length());
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(x509))));
    for (String one : header.apply("webhook-signature").split(" ")) {
      if (one.startsWith("v1a,")) {
        ed25519.update((header.apply("webhook-id") + "." + timestamp + ".").getBytes(UTF_8));
        ed25519.update(body);
        if (ed25519.verify(Base64.getDecoder().decode(one.substring("v1a,".length())))) {
          return;
        }
      }
    }
    throw new GeneralSecurityException("no signature matches");
  }
}
