package dev.carillon.webhook.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
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
  void everyLiveKeySignsInOrder() {
    SigningKey old = SigningKey.generate();
    String oldSignature = new WebhookSigner(List.of(old)).sign(ID, AT, BODY);
    assertThat(new WebhookSigner(List.of(KEY, old)).sign(ID, AT, BODY))
        .isEqualTo(SIGNATURE + " " + oldSignature);
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
}
