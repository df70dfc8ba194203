package dev.carillon.webhook.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {

  private static final byte[] BODY = "{\"n\":1}".getBytes(UTF_8);

  @ParameterizedTest
  @EnumSource
  void aGeneratedKeyIsWrittenAndReadBack(SignatureKind kind) {
    SigningKey key = SigningKey.generate(kind);
    SigningKey again = SigningKey.parse(key.secret());
    assertThat(again.secret()).isEqualTo(key.secret());
    assertThat(again.kind()).isEqualTo(kind);
    assertThat(again.publicKey()).isEqualTo(key.publicKey());
    assertThat(again.sign("msg_1", 1, BODY))
        .isEqualTo(key.sign("msg_1", 1, BODY))
        .startsWith(kind.spelled() + ",");
  }

  @ParameterizedTest
  @EnumSource
  void generatedKeysDiffer(SignatureKind kind) {
    assertThat(SigningKey.generate(kind).secret()).isNotEqualTo(SigningKey.generate(kind).secret());
  }

  @ParameterizedTest
  @EnumSource
  void itsTextHidesTheSecret(SignatureKind kind) {
    SigningKey key = SigningKey.generate(kind);
    String secret = key.secret().substring(key.secret().indexOf('_') + 1);
    assertThat(key.toString()).contains("hidden").doesNotContain(secret, secret.substring(0, 40));
    assertThat(new WebhookSigner(List.of(key)).toString())
        .contains("hidden")
        .doesNotContain(secret.substring(0, 40));
  }

  @ParameterizedTest
  @EnumSource
  void theNamesOfKindsAreReadBack(SignatureKind kind) {
    assertThat(SignatureKind.named(kind.spelled())).contains(kind);
    assertThat(SignatureKind.named("v2")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "msg.1", "msg 1", "msg\n1", "m\u00e9"})
  void anIdThatCannotBeOneIsRefused(String id) {
    SigningKey key = SigningKey.generate();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key.sign(id, 1, BODY))
        .withMessageStartingWith("a webhook id has visible ASCII characters")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void aSecretWithoutAKnownPrefixIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse("hunter2hunter2hunter2"))
        .withMessageStartingWith("a webhook secret for v1 is whsec_ and the base64 of")
        .withMessageContaining("a webhook secret for v1a is whsk_ and the base64 of")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  void aPublicKeyIsNoSecret() {
    String publicKey = SigningKey.generate(SignatureKind.V1A).publicKey().orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse(publicKey))
        .withMessageStartingWith("a public key (whpk_) is no secret");
  }

  @Nested
  class OfV1 {

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 64})
    void secretsOf24To64BytesAreAllowed(int bytes) {
      SigningKey key = SigningKey.parse(text("whsec_", bytes));
      assertThat(key.secret()).isEqualTo(text("whsec_", bytes));
      assertThat(key.publicKey()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 65})
    void secretsOfOtherLengthsAreRefused(int bytes) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SigningKey.parse(text("whsec_", bytes)))
          .withMessageContaining("24 to 64 bytes")
          .withMessageEndingWith("it has " + bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"whsec_%hunter2%", "whsec_aG k=hunter2", "whsk_%hunter2", "whsec_", "whsk_"})
  void aMalformedSecretIsRefusedWithoutRepeatingIt(String secret) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse(secret))
        .withMessageStartingWith("a webhook secret for v1")
        .withNoCause()
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2", "aG k", "%"));
  }

  @Nested
  class OfV1a {

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 63, 65})
    void secretsOfOtherLengthsAreRefused(int bytes) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SigningKey.parse(text("whsk_", bytes)))
          .withMessageContaining("64 bytes (seed, public key) or 32 (seed)")
          .withMessageEndingWith("it has " + bytes);
    }

    @Test
    void theSeedAloneIsTheSameKey() {
      SigningKey key = SigningKey.generate(SignatureKind.V1A);
      byte[] seed = new byte[Ed25519.SEED_BYTES];
      System.arraycopy(Base64.getDecoder().decode(key.secret().substring(5)), 0, seed, 0, 32);
      SigningKey again = SigningKey.parse("whsk_" + Base64.getEncoder().encodeToString(seed));
      assertThat(again.secret()).isEqualTo(key.secret());
      assertThat(again.publicKey()).isEqualTo(key.publicKey());
    }

    @Test
    void aSecretWhosePublicKeyIsAnothersIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SigningKey.parse(text("whsk_", 64)))
          .withMessageEndingWith("its public key is not the one that belongs to its seed");
    }

    @ParameterizedTest
    @CsvSource({"31, it has 31", "33, it has 33"})
    void aPublicKeyOfAnotherLengthIsRefused(int bytes, String end) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VerifyingKey.parse(text("whpk_", bytes)))
          .withMessageEndingWith(end);
    }

    @Test
    void aPublicKeyThatIsNoPointIsRefused() {
      byte[] bytes = new byte[Ed25519PublicKey.BYTES];
      bytes[0] = 2;
      String text = "whpk_" + Base64.getEncoder().encodeToString(bytes);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VerifyingKey.parse(text))
          .withMessageEndingWith("they are no point of the curve");
    }

    @Test
    void aPublicKeyIsWrittenAndReadBack() {
      String text = SigningKey.generate(SignatureKind.V1A).publicKey().orElseThrow();
      assertThat(Ed25519PublicKey.parse(text)).hasToString(text);
      assertThat(VerifyingKey.parse(text).kind()).isEqualTo(SignatureKind.V1A);
    }
  }

  private static String text(String prefix, int bytes) {
    return prefix + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
