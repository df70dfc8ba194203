package dev.carillon.refresh.clash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClashSettingsTest {

  private final ClashSettings settings = ClashSettings.of(new ClashAccess.Keys(List.of("k")));

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 30.1, Double.NaN})
  void theLimitIsAtMostThirty(double limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.withLimit(limit))
        .withMessage("COC_REQS_PER_SEC must be from 0.1 to 30.0, not " + limit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "https:///v1", "https://me@x", "https://x?a", "https://x#a"})
  void addressesAreBasesOfTheWeb(String base) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.at(URI.create(base), settings.portal()))
        .withMessageStartingWith("COC_BASE_URL must be http(s)://host");
  }

  @Test
  void aSlashAtTheEndOfAnAddressDoesNotMatter() {
    assertThat(settings.at(URI.create("https://x/v1/"), URI.create("https://x/")))
        .isEqualTo(settings.at(URI.create("https://x/v1"), URI.create("https://x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://api.example", "http://127.0.0.1.example", "http://10.0.0.1:80"})
  void keysAndPasswordsDoNotLeaveThisHostInTheClear(String base) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.at(URI.create(base), settings.portal()))
        .withMessageStartingWith("COC_BASE_URL must be https://");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.at(settings.api(), URI.create(base)))
        .withMessageStartingWith("COC_PORTAL_URL must be https://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:80", "http://127.0.0.1:9/v1", "http://[::1]:9"})
  void thisHostItselfNeedsNoTls(String base) {
    assertThat(settings.at(URI.create(base), URI.create(base)).api()).hasToString(base);
  }

  @Test
  void aCallEndsBeforeItsLease() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.withCallTimeout(Duration.ofSeconds(41)));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withCallTimeout(Duration.ZERO));
  }

  @Test
  void thereIsAKeyOrAWholeAccount() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ClashAccess.Keys(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClashAccess.Account("a@example.com", ""))
        .withMessage("COC_EMAIL and COC_PASSWORD must both be set");
  }
}
