package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookConfigTest {

  private static final List<SigningKey> KEYS = List.of(SigningKey.generate());
  private static final URI URL = URI.create("https://example.com/hook");
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void theDefaultsAre5And20SecondsAnd1000Connections() {
    WebhookConfig config = new WebhookConfig(URL, KEYS);
    assertThat(config.connectTimeout()).hasSeconds(5);
    assertThat(config.totalTimeout()).hasSeconds(20);
    assertThat(config.maxConnections()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "HTTP://example.com:8080/a/b?c=d",
        "http://127.0.0.1:1/",
        "http://[::1]:65535/hook"
      })
  void httpAndHttpsAddressesWithAHostAreAllowed(String url) {
    assertThat(new WebhookConfig(URI.create(url), KEYS).url()).isEqualTo(URI.create(url));
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://example.com/, must begin with http:// or https://",
    "/hook, must begin with http:// or https://",
    "mailto:a@example.com, must begin with http:// or https://",
    "http:///hook, must have a host",
    "http://under_score.example/, must have a host",
    "http://user:hunter2@example.com/, must not have a user name or password",
    "http://user:hunter2@under_score/, must not have a user name or password",
    "http://example.com:0/, must have a port from 1 to 65535",
    "http://example.com:65536/, must have a port from 1 to 65535",
    "https://example.com/#hunter2, must not have a fragment"
  })
  void anyOtherAddressIsRefusedWithoutRepeatingIt(String url, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookConfig(URI.create(url), KEYS))
        .withMessageStartingWith("url " + rule)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2", "example.com"));
  }

  @Test
  void anAddressOfMoreThan2048CharactersIsRefused() {
    URI url = URI.create("https://example.com/" + "a".repeat(2048));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookConfig(url, KEYS))
        .withMessage("url must not be longer than 2048 characters");
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "PT-1S", "PT0.0005S", "PT5M0.001S", "PT2562047788015215H"})
  void aTimeoutOutsideOfItsRangeIsRefusedByName(Duration bad) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookConfig(URL, KEYS, bad, SECOND, 1))
        .withMessage("connectTimeout is %s: from 1 ms to 300 s are allowed", bad);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookConfig(URL, KEYS, SECOND, bad, 1))
        .withMessageStartingWith("totalTimeout is");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10_001})
  void connectionsAreFrom1To10000(int bad) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookConfig(URL, KEYS, SECOND, SECOND, bad))
        .withMessage("maxConnections is %d: from 1 to 10000 are allowed", bad);
  }

  @Test
  void itsTextHidesTheKeys() {
    assertThat(new WebhookConfig(URL, KEYS).toString())
        .doesNotContain(KEYS.getFirst().secret().substring("whsec_".length()));
  }
}
