package dev.carillon.webhook.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {

  @Test
  void aGeneratedKeyIsWrittenAndReadBack() {
    SigningKey key = SigningKey.generate();
    SigningKey again = SigningKey.parse(key.secret());
    assertThat(again.secret()).isEqualTo(key.secret()).startsWith("whsec_");
    assertThat(again.mac(new byte[] {1, 2})).isEqualTo(key.mac(new byte[] {1}, new byte[] {2}));
  }

  @Test
  void generatedKeysDiffer() {
    assertThat(SigningKey.generate().secret()).isNotEqualTo(SigningKey.generate().secret());
  }

  @Test
  void itsTextHidesTheSecret() {
    SigningKey key = SigningKey.generate();
    assertThat(key).hasToString("SigningKey[hidden]");
    assertThat(new WebhookSigner(List.of(key)).toString())
        .doesNotContain(key.secret().substring("whsec_".length()));
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 32, 64})
  void secretsOf24To64BytesAreAllowed(int bytes) {
    assertThat(SigningKey.parse(secret(bytes)).secret()).isEqualTo(secret(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 23, 65})
  void secretsOfOtherLengthsAreRefused(int bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse(secret(bytes)))
        .withMessageContaining("24 to 64 bytes")
        .withMessageContaining("it has " + bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hunter2hunter2hunter2", "whsk_aaaaaaaa", "whsec_%hunter2%", "whsec_aG k="})
  void aMalformedSecretIsRefusedWithoutRepeatingIt(String secret) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse(secret))
        .withMessageStartingWith("a webhook secret is whsec_ and the base64 of")
        .withNoCause()
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2", "aG k"));
  }

  private static String secret(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
