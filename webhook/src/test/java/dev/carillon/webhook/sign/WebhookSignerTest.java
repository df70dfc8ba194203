package dev.carillon.webhook.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WebhookSignerTest {

  // The vector of the Standard Webhooks reference libraries.
  private static final SigningKey KEY = SigningKey.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void thePublishedVectorIsReproduced() {
    assertThat(new WebhookSigner(List.of(KEY)).sign(ID, AT, BODY)).isEqualTo(SIGNATURE);
  }

  @Test
  void fractionsOfTheTimestampsSecondAreNotSigned() {
    assertThat(new WebhookSigner(List.of(KEY)).sign(ID, AT.plusMillis(999), BODY))
        .isEqualTo(SIGNATURE);
  }

  @Test
  void everyLiveKeySignsInOrderWhateverItsKind() {
    SigningKey old = SigningKey.generate(SignatureKind.V1A);
    assertThat(new WebhookSigner(List.of(KEY, old)).sign(ID, AT, BODY))
        .isEqualTo(SIGNATURE + " " + old.sign(ID, AT.getEpochSecond(), BODY))
        .contains(" v1a,");
  }

  @Test
  void anIdWithAFullStopIsRefused() {
    WebhookSigner signer = new WebhookSigner(List.of(KEY));
    assertThatIllegalArgumentException().isThrownBy(() -> signer.sign("evt.1", AT, BODY));
  }

  @Test
  void noKeysAndMoreThanTenAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookSigner(List.of()))
        .withMessage("keys has 0: from 1 to 10 are allowed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookSigner(Collections.nCopies(11, KEY)))
        .withMessage("keys has 11: from 1 to 10 are allowed");
  }

  @Test
  void manyThreadsMaySignWithOneKey() throws Exception {
    List<SigningKey> keys = List.of(KEY, SigningKey.generate(SignatureKind.V1A));
    WebhookSigner signer = new WebhookSigner(keys);
    String expected = signer.sign(ID, AT, BODY);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> signatures =
          IntStream.range(0, 200)
              .mapToObj(_ -> threads.submit(() -> signer.sign(ID, AT, BODY)))
              .toList();
      for (Future<String> signature : signatures) {
        assertThat(signature.get()).isEqualTo(expected);
      }
    }
  }

  /** The independent verifier for Java, which looks at the wall clock. */
  @Nested
  class TheOfficialLibrary {

    private final Instant now = Instant.now();
    private final String body = "{\"type\":\"user.birthday\",\"data\":{\"name\":\"Zo\u00eb\"}}";

    @Test
    void acceptsEverySignatureWhileTenKeysRotate() throws Exception {
      List<SigningKey> keys =
          IntStream.range(0, 10)
              .mapToObj(n -> SigningKey.generate(n % 2 == 0 ? SignatureKind.V1 : SignatureKind.V1A))
              .toList();
      String header = new WebhookSigner(keys).sign(ID, now, body.getBytes(UTF_8));
      assertThat(header.split(" ")).hasSize(10);
      for (SigningKey key : keys) {
        if (key.kind() == SignatureKind.V1) {
          assertThatCode(() -> verify(key, header, body)).doesNotThrowAnyException();
        } else {
          assertThat(byPlainJca(key, header)).isTrue();
        }
      }
    }

    @Test
    void refusesAForgedBodyAndAKeyThatDidNotSign() {
      String header = new WebhookSigner(List.of(KEY)).sign(ID, now, body.getBytes(UTF_8));
      assertThatThrownBy(() -> verify(KEY, header, body + " "))
          .isInstanceOf(WebhookVerificationException.class);
      assertThatThrownBy(() -> verify(SigningKey.generate(), header, body))
          .isInstanceOf(WebhookVerificationException.class);
    }

    private void verify(SigningKey key, String header, String received) throws Exception {
      new Webhook(key.secret())
          .verify(
              received,
              Map.of(
                  "webhook-id", List.of(ID),
                  "webhook-timestamp", List.of(Long.toString(now.getEpochSecond())),
                  "webhook-signature", List.of(header)));
    }

    private boolean byPlainJca(SigningKey key, String header) throws GeneralSecurityException {
      byte[] signed = (ID + "." + now.getEpochSecond() + "." + body).getBytes(UTF_8);
      PublicKey publicKey = point(key.publicKey().orElseThrow());
      for (String entry : header.split(" ")) {
        if (entry.startsWith("v1a,")) {
          Signature signature = Signature.getInstance("Ed25519");
          signature.initVerify(publicKey);
          signature.update(signed);
          if (signature.verify(Base64.getDecoder().decode(entry.substring(4)))) {
            return true;
          }
        }
      }
      return false;
    }

    /** RFC 8032, section 5.1.2: y, little-endian, with the low bit of x on top. */
    private static PublicKey point(String publicKey) throws GeneralSecurityException {
      byte[] bytes = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
      byte[] bigEndian = new byte[bytes.length];
      for (int n = 0; n < bytes.length; n++) {
        bigEndian[n] = bytes[bytes.length - 1 - n];
      }
      boolean odd = bigEndian[0] < 0;
      bigEndian[0] &= 0x7F;
      EdECPoint point = new EdECPoint(odd, new BigInteger(1, bigEndian));
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }
  }
}
