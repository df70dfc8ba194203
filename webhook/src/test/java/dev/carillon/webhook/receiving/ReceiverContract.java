package dev.carillon.webhook.receiving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every receiver of docs/receiving.md does, in whatever language. */
abstract class ReceiverContract {

  private final Instant now = Instant.now();

  /** {@code accepted ...} or {@code refused ...}: the verdict of the snippet for that kind. */
  abstract String verdict(SignatureKind kind, String key, Message message) throws Exception;

  @ParameterizedTest
  @EnumSource
  void aGenuineMessageIsAccepted(SignatureKind kind) throws Exception {
    SigningKey key = SigningKey.generate(kind);
    assertThat(verdict(key, Message.signed(now, key))).isEqualTo("accepted " + Message.BODY);
  }

  @ParameterizedTest
  @EnumSource
  void theOldAndTheNewKeyAreBothGoodWhileTheyRotate(SignatureKind kind) throws Exception {
    SigningKey fresh = SigningKey.generate(kind);
    SigningKey old = SigningKey.generate(kind);
    Message message = Message.signed(now, fresh, old);
    assertThat(verdict(fresh, message)).startsWith("accepted");
    assertThat(verdict(old, message)).startsWith("accepted");
  }

  @ParameterizedTest
  @EnumSource
  void signaturesOfBothKindsMayStandInOneHeader(SignatureKind kind) throws Exception {
    SigningKey key = SigningKey.generate(kind);
    SignatureKind other = kind == SignatureKind.V1 ? SignatureKind.V1A : SignatureKind.V1;
    assertThat(verdict(key, Message.signed(now, SigningKey.generate(other), key)))
        .startsWith("accepted");
  }

  @ParameterizedTest
  @EnumSource
  void aForgedBodyIsRefused(SignatureKind kind) throws Exception {
    SigningKey key = SigningKey.generate(kind);
    Message forged = Message.signed(now, key).withBody("{\"type\":\"user.deleted\"}");
    assertThat(verdict(key, forged)).startsWith("refused");
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatDidNotSignRefuses(SignatureKind kind) throws Exception {
    Message message = Message.signed(now, SigningKey.generate(kind));
    assertThat(verdict(SigningKey.generate(kind), message)).startsWith("refused");
  }

  @ParameterizedTest
  @EnumSource
  void aMessageOfTenMinutesAgoIsRefused(SignatureKind kind) throws Exception {
    SigningKey key = SigningKey.generate(kind);
    assertThat(verdict(key, Message.signed(now.minus(Duration.ofMinutes(10)), key)))
        .startsWith("refused");
  }

  private String verdict(SigningKey key, Message message) throws Exception {
    return verdict(key.kind(), key.publicKey().orElseGet(key::secret), message);
  }
}
