package dev.carillon.webhook.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.webhook.sign.Verification.Invalid;
import dev.carillon.webhook.sign.Verification.Valid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookVerifierTest {

  private static final SigningKey KEY = SigningKey.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final SigningKey PAIR = SigningKey.generate(SignatureKind.V1A);
  private static final VerifyingKey PUBLIC = VerifyingKey.parse(PAIR.publicKey().orElseThrow());
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
  private static final String TIMESTAMP = "1614265330";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private final WebhookVerifier verifier = verifier(AT, KEY);

  @Test
  void thePublishedVectorIsValid() {
    assertThat(verifier.verify(ID, TIMESTAMP, SIGNATURE, BODY)).isEqualTo(new Valid());
  }

  @Test
  void anyKeyMayMatchAnySignature() {
    SigningKey fresh = SigningKey.generate();
    String header = new WebhookSigner(List.of(fresh, PAIR, KEY)).sign(ID, AT, BODY);
    for (VerifyingKey key : List.of(KEY, fresh, PAIR, PUBLIC)) {
      assertThat(verifier(AT, key).verify(ID, TIMESTAMP, header, BODY)).isEqualTo(new Valid());
    }
    WebhookVerifier both = verifier(AT, SigningKey.generate(), PUBLIC);
    assertThat(both.verify(ID, TIMESTAMP, header, BODY)).isEqualTo(new Valid());
  }

  @Test
  void schemesOfTheFutureAreSkipped() {
    assertThat(verifier.verify(ID, TIMESTAMP, "v2,what,ever  v3, " + SIGNATURE, BODY))
        .isEqualTo(new Valid());
  }

  @Nested
  class WhatWasChanged {

    @Test
    void theBody() {
      byte[] forged = "{\"test\": 2432232315}".getBytes(UTF_8);
      assertReason(verifier.verify(ID, TIMESTAMP, SIGNATURE, forged))
          .startsWith("no v1 signature matches: either the body is not byte for byte");
    }

    @Test
    void theIdOrTheTimestamp() {
      assertReason(verifier.verify(ID + "x", TIMESTAMP, SIGNATURE, BODY))
          .startsWith("no v1 signature matches");
      assertReason(verifier.verify(ID, "1614265331", SIGNATURE, BODY))
          .startsWith("no v1 signature matches");
    }

    @Test
    void theKey() {
      assertReason(verifier(AT, SigningKey.generate()).verify(ID, TIMESTAMP, SIGNATURE, BODY))
          .endsWith("or the key is not the sender's");
    }

    @Test
    void aBitOfAnEd25519Signature() {
      char[] header = PAIR.sign(ID, AT.getEpochSecond(), BODY).toCharArray();
      header[10] = header[10] == 'A' ? 'B' : 'A';
      assertReason(verifier(AT, PUBLIC).verify(ID, TIMESTAMP, new String(header), BODY))
          .startsWith("no v1a signature matches");
    }

    @Test
    void nothingOfTheMessageIsMovedOverAFullStop() {
      String header = KEY.sign(ID, AT.getEpochSecond(), "1.x".getBytes(UTF_8));
      assertReason(verifier.verify(ID + "." + TIMESTAMP, "1", header, "x".getBytes(UTF_8)))
          .startsWith("webhook-id is malformed");
    }
  }

  @Nested
  class Time {

    @ParameterizedTest
    @ValueSource(longs = {-300, 0, 300})
    void fiveMinutesToBothSidesAreAllowed(long seconds) {
      assertThat(at(seconds)).isEqualTo(new Valid());
    }

    @ParameterizedTest
    @CsvSource({
      "301, old by 1 s (5 min are allowed): check the receiver's clock",
      "720, old by 7 min (5 min are allowed): check the receiver's clock",
      "36300, old by 10 h",
      "864300, old by 10 days",
      "-301, far ahead by 1 s (5 min are allowed): check the receiver's clock",
      "-7500, far ahead by 2 h"
    })
    void moreIsRefusedAndSaysByHowMuch(long seconds, String expected) {
      assertReason(at(seconds)).startsWith("webhook-timestamp is too " + expected);
    }

    @Test
    void theToleranceIsSettable() {
      WebhookVerifier strict =
          new WebhookVerifier(
              List.of(KEY), Duration.ofSeconds(1), InstantSource.fixed(AT.plusSeconds(2)));
      assertReason(strict.verify(ID, TIMESTAMP, SIGNATURE, BODY))
          .startsWith("webhook-timestamp is too old by 1 s (1 s are allowed)");
    }

    private Verification at(long age) {
      return verifier(AT.plusSeconds(age), KEY).verify(ID, TIMESTAMP, SIGNATURE, BODY);
    }
  }

  @Nested
  class Headers {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void thatAreMissingAreNamed(@Nullable String none) {
      assertReason(verifier.verify(none, TIMESTAMP, SIGNATURE, BODY))
          .isEqualTo("webhook-id is missing");
      assertReason(verifier.verify(ID, none, SIGNATURE, BODY))
          .isEqualTo("webhook-timestamp is missing");
      assertReason(verifier.verify(ID, TIMESTAMP, none, BODY))
          .isEqualTo("webhook-signature is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "+1614265330", "1614265330.5", "99999999999999999999"})
    void aTimestampThatIsNoNumberOfSecondsIsRefused(String timestamp) {
      assertReason(verifier.verify(ID, timestamp, SIGNATURE, BODY))
          .startsWith("webhook-timestamp is malformed: whole seconds since 1970 are allowed");
    }

    @Test
    void millisecondsAreRecognised() {
      assertReason(verifier.verify(ID, "1614265330000", SIGNATURE, BODY))
          .endsWith("are these milliseconds?");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= | blank-separated entries such as v1,",
          ",g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= | blank-separated entries such as v1,",
          "v1,%%% | a v1 signature is not base64",
          "v1, | a v1 signature is the base64 of 32 bytes, not of 0",
          "v1,g0hM | a v1 signature is the base64 of 32 bytes, not of 3",
          "v1a,g0hM | a v1a signature is the base64 of 64 bytes, not of 3"
        })
    void aMalformedSignatureIsExplained(String header, String expected) {
      assertReason(verifier.verify(ID, TIMESTAMP, header, BODY))
          .startsWith("webhook-signature is malformed: " + expected);
    }

    @Test
    void signaturesOfAnotherKindAreNamed() {
      String header = PAIR.sign(ID, AT.getEpochSecond(), BODY);
      assertReason(verifier.verify(ID, TIMESTAMP, header, BODY))
          .isEqualTo("webhook-signature has no v1 signature, which this key is for; it has v1a");
      assertReason(verifier(AT, PUBLIC).verify(ID, TIMESTAMP, SIGNATURE + " v7,x", BODY))
          .isEqualTo(
              "webhook-signature has no v1a signature, which this key is for; it has v1 or v7");
    }

    @Test
    void moreSignaturesThanAnyoneSendsAreRefused() {
      String twenty = String.join(" ", Collections.nCopies(19, "v2,x")) + " " + SIGNATURE;
      assertThat(verifier.verify(ID, TIMESTAMP, twenty, BODY)).isEqualTo(new Valid());
      assertReason(verifier.verify(ID, TIMESTAMP, "v2,x " + twenty, BODY))
          .isEqualTo("webhook-signature has too many signatures: 20 are allowed");
    }
  }

  @Test
  void fromOneToTenKeysAreAllowedAndNoNegativeTolerance() {
    InstantSource clock = InstantSource.fixed(AT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookVerifier(List.of(), Duration.ZERO, clock))
        .withMessage("keys has 0: from 1 to 10 are allowed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookVerifier(Collections.nCopies(11, KEY), Duration.ZERO, clock))
        .withMessage("keys has 11: from 1 to 10 are allowed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookVerifier(List.of(KEY), Duration.ofSeconds(-1), clock))
        .withMessageStartingWith("tolerance is negative");
  }

  private static WebhookVerifier verifier(Instant now, VerifyingKey... keys) {
    return new WebhookVerifier(
        List.of(keys), WebhookVerifier.DEFAULT_TOLERANCE, InstantSource.fixed(now));
  }

  private static AbstractStringAssert<?> assertReason(Verification verification) {
    return assertThat(verification instanceof Invalid invalid ? invalid.reason() : "valid");
  }
}
