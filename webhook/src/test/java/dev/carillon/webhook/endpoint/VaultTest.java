package dev.carillon.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.webhook.endpoint.Vault.Place;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Place PLACE = new Place(new UUID(0, 1), "endpoint_key.secret");
  private static final String ZEROS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  private final EncryptionKey key = EncryptionKey.generate();
  private final Vault vault = new Vault(List.of(key));

  @Test
  void whatIsEncryptedIsDecrypted() {
    assertThat(vault.decrypt(vault.encrypt(SECRET, PLACE), PLACE)).isEqualTo(SECRET);
    assertThat(vault.decrypt(vault.encrypt("", PLACE), PLACE)).isEmpty();
  }

  @Test
  void aCiphertextSaysItsVersionAndItsKeyAndNothingOfTheText() {
    byte[] sealed = vault.encrypt(SECRET, PLACE);

    assertThat(sealed[0]).isEqualTo((byte) 1);
    assertThat(Arrays.copyOfRange(sealed, 1, 9)).isEqualTo(key.id());
    assertThat(sealed).hasSize(1 + 8 + 12 + SECRET.length() + 16);
    assertThat(new String(sealed, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("whsec_");
  }

  @Test
  void theSameTextNeverLooksTheSame() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(seen.add(Arrays.toString(vault.encrypt(SECRET, PLACE)))).isTrue();
    }
  }

  @Test
  void everyBitCounts() {
    byte[] sealed = vault.encrypt(SECRET, PLACE);
    for (int i = 0; i < sealed.length; i++) {
      byte[] altered = sealed.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> vault.decrypt(altered, PLACE))
          .isInstanceOfAny(IllegalStateException.class, UnknownEncryptionKey.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 21, 36})
  void aPieceOfACiphertextIsRefused(int length) {
    byte[] piece = Arrays.copyOf(vault.encrypt(SECRET, PLACE), length);

    assertThatThrownBy(() -> vault.decrypt(piece, PLACE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was altered");
  }

  @Test
  void aCiphertextBelongsToItsRowAndItsColumn() {
    byte[] sealed = vault.encrypt(SECRET, PLACE);

    assertThatThrownBy(() -> vault.decrypt(sealed, new Place(new UUID(0, 2), PLACE.column())))
        .hasMessageContaining("belongs to another row");
    assertThatThrownBy(() -> vault.decrypt(sealed, new Place(PLACE.row(), "endpoint.client_key")))
        .hasMessageContaining("endpoint.client_key");
  }

  @Test
  void theFirstKeyEncryptsAndAllDecrypt() {
    EncryptionKey fresh = EncryptionKey.generate();
    Vault both = new Vault(List.of(fresh, key));
    byte[] old = vault.encrypt(SECRET, PLACE);
    byte[] sealed = both.encrypt(SECRET, PLACE);

    assertThat(both.decrypt(old, PLACE)).isEqualTo(SECRET);
    assertThat(new Vault(List.of(fresh)).decrypt(sealed, PLACE)).isEqualTo(SECRET);
    assertThat(both.isRotating()).isTrue();
    assertThat(vault.isRotating()).isFalse();
    assertThat(both.firstKeyId()).isEqualTo(fresh.shownId());
  }

  @Test
  void anotherKeySaysWhatToMend() {
    byte[] sealed = new Vault(List.of(EncryptionKey.generate())).encrypt(SECRET, PLACE);

    assertThatThrownBy(() -> vault.decrypt(sealed, PLACE))
        .isInstanceOf(UnknownEncryptionKey.class)
        .hasMessageStartingWith("ENCRYPTION_KEY differs")
        .hasMessageNotContaining(key.text());
  }

  @Test
  void aVaultNeedsAKey() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Vault(List.of()));
  }

  @Test
  void nothingShowsAKey() {
    assertThat(key.toString() + vault).contains(key.shownId()).doesNotContain(key.text());
  }

  @Test
  void aKeyIsWrittenAndReadAgain() {
    assertThat(EncryptionKey.parse(key.text()).id()).isEqualTo(key.id());
    assertThat(EncryptionKey.parseAll(" %s\n%s ".formatted(key.text(), ZEROS)))
        .extracting(EncryptionKey::text)
        .containsExactly(key.text(), ZEROS);
  }

  @Test
  void theIdOfAKeyStaysTheSameInAllVersions() {
    // printf 'carillon encryption key id\0' | cat - <(head -c 32 /dev/zero) | sha256sum
    assertThat(EncryptionKey.parse(ZEROS).shownId()).isEqualTo("b73e18f21b6f40d5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "c2hvcnQtc2VjcmV0", "not!base64!at!all"})
  void aMalformedKeyIsRefusedAndNotRepeated(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncryptionKey.parseAll(text))
        .withMessageContaining("base64")
        .satisfies(e -> {
          if (!text.isEmpty()) {
            assertThat(e).hasMessageNotContaining(text);
          }
        });
  }

  @Test
  void keysAreBounded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncryptionKey.parseAll((ZEROS + " ").repeat(11)))
        .withMessageContaining("at most 10");
  }
}
