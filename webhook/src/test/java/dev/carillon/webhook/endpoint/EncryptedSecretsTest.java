package dev.carillon.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EncryptedSecretsTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private final Database database = EndpointDatabase.emptied();
  private final EncryptionKey old = EncryptionKey.generate();
  private final EncryptionKey fresh = EncryptionKey.generate();
  private final SigningKey signing = SigningKey.generate();

  @Test
  void theFirstKeyOfAnEmptyDatabaseIsRegistered() {
    secrets(old).requireKnownKey();

    assertThatCode(() -> secrets(old).requireKnownKey()).doesNotThrowAnyException();
    assertThatThrownBy(() -> secrets(fresh).requireKnownKey())
        .isInstanceOf(UnknownEncryptionKey.class)
        .hasMessageContaining("ENCRYPTION_KEY differs")
        .hasMessageContaining(old.shownId());
  }

  @Test
  void aSecretOfAKeyThatWasNeverRegisteredIsFoundToo() {
    endpoint(old);

    assertThatThrownBy(() -> secrets(fresh).requireKnownKey())
        .isInstanceOf(UnknownEncryptionKey.class)
        .hasMessageContaining(old.shownId());
  }

  @Test
  void aRefusedProcessRegistersNothing() {
    secrets(old).requireKnownKey();

    assertThatThrownBy(() -> secrets(fresh).requireKnownKey())
        .isInstanceOf(UnknownEncryptionKey.class);

    assertThatCode(() -> secrets(old).requireKnownKey()).doesNotThrowAnyException();
  }

  @Test
  void theKeyIsReplacedInThreeSteps() {
    secrets(old).requireKnownKey();
    UUID id = endpoint(old);

    secrets(old, fresh).requireKnownKey();
    secrets(fresh, old).requireKnownKey();
    assertThat(secrets(fresh, old).reencrypt()).isEqualTo(2);
    secrets(fresh).requireKnownKey();

    Secrets read = endpoints(fresh).secrets(id, NOW).orElseThrow();
    assertThat(read.keys()).extracting(SigningKey::secret).containsExactly(signing.secret());
    assertThat(read.tls()).isNotNull();
    assertThatThrownBy(() -> secrets(old).requireKnownKey()).hasMessageContaining("differs");
  }

  @Test
  void encryptingAgainIsDoneOnce() {
    endpoint(old);

    assertThat(secrets(fresh, old).reencrypt()).isEqualTo(2);
    assertThat(secrets(fresh, old).reencrypt()).isZero();
  }

  @Test
  void manyAreEncryptedAgainBatchByBatch() {
    Endpoints endpoints = endpoints(old);
    int many = EncryptedSecrets.BATCH + 1;
    for (int i = 0; i < many; i++) {
      endpoints.create(
          EndpointSettings.of("e" + i, URI.create("https://a.example")), signing, null);
    }

    assertThat(secrets(fresh, old).reencrypt()).isEqualTo(many);
    assertThatCode(() -> secrets(fresh).requireKnownKey()).doesNotThrowAnyException();
  }

  @Test
  void aProcessWithAnotherKeySaysSoInsteadOfSending() {
    UUID id = endpoint(old);

    assertThatThrownBy(() -> endpoints(fresh).secrets(id, NOW))
        .isInstanceOf(UnknownEncryptionKey.class);
  }

  private EncryptedSecrets secrets(EncryptionKey... keys) {
    return new EncryptedSecrets(database.jdbi(), new Vault(List.of(keys)));
  }

  private Endpoints endpoints(EncryptionKey key) {
    return new Endpoints(database.jdbi(), new Vault(List.of(key)), new SettableClock(NOW));
  }

  private UUID endpoint(EncryptionKey key) {
    EndpointSettings plain = EndpointSettings.of("crm", URI.create("https://crm.example/in"));
    EndpointSettings settings =
        new EndpointSettings(
            plain.name(),
            plain.url(),
            plain.policy(),
            plain.retry(),
            plain.traffic(),
            plain.timeout(),
            plain.alerts(),
            TestTls.CLIENT);
    return ((EndpointChange.Done) endpoints(key).create(settings, signing, null)).endpoint().id();
  }
}
