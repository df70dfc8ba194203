package dev.carillon.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointRecordTest {

  private static final URI URL = URI.create("https://a.example");

  @ParameterizedTest
  @ValueSource(strings = {"a", "default", "crm-2_x", "0", "a2345678-1234-1234-1234-12345678901"})
  void aNameHasSmallLettersDigitsAndDashes(String name) {
    assertThat(EndpointSettings.of(name, URL).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "-a",
        "_a",
        "a b",
        "a/b",
        "a.b",
        "\u00e4",
        "a\n",
        "019e830e-1a00-7ef8-8bc0-f8839d92d41d"
      })
  void anyOtherNameIsRefusedAndSoIsAnId(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointSettings.of(name, URL))
        .withMessageContaining("an endpoint's name is");
  }

  @Test
  void aNameIsNotLong() {
    assertThat(Endpoint.isName("a".repeat(63))).isTrue();
    assertThat(Endpoint.isName("a".repeat(64))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example/in?x=1",
        "http://127.0.0.1:9000/webhooks",
        "HTTPS://[::1]/",
        "https://hooks.example"
      })
  void aUrlIsOfHttpWithAHost(String url) {
    assertThat(UrlRule.FORM.problem(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', from 1 to 2048",
    "ftp://topsecret.example, https://",
    "https:///topsecret, https://",
    "topsecret.example, https://",
    "https://a b/topsecret, a URL such as",
    "https://me:topsecret@a.example, user name",
    "https://topsecret@a.example, user name",
    "https://a.example/#topsecret, fragment",
    "mailto:topsecret@a.example, https://"
  })
  void anyOtherUrlIsRefusedAndNotRepeated(String url, String why) {
    assertThat(UrlRule.FORM.problem(url).orElseThrow()).contains(why).doesNotContain("topsecret");
  }

  @Test
  void aUrlIsNotLong() {
    String prefix = "https://a.example/";
    String most = prefix + "x".repeat(UrlRule.MAX_URL_LENGTH - prefix.length());
    assertThat(UrlRule.FORM.problem(most)).isEmpty();
    assertThat(UrlRule.FORM.problem(most + "x")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.009, 10_000.1, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aRateIsBounded(double perSecond) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Traffic.Rate(perSecond, 1));
  }

  @Test
  void aRateHasABurstOfASecond() {
    assertThat(Traffic.Rate.of(0.01).burst()).isEqualTo(1);
    assertThat(Traffic.Rate.of(2.5).burst()).isEqualTo(3);
    assertThat(Traffic.Rate.of(10_000).burst()).isEqualTo(10_000);
  }

  @Test
  void trafficIsBounded() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Traffic(0, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new Traffic(1_001, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new Traffic.Rate(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Traffic.Rate(1, 1_000_001));
  }

  @Test
  void aScheduleHasFrom1To24Waits() {
    assertThat(waits(Duration.ofSeconds(1), 24).waits()).hasSize(24);
    assertThatIllegalArgumentException().isThrownBy(() -> waits(Duration.ofSeconds(1), 25));
    assertThatIllegalArgumentException().isThrownBy(() -> waits(Duration.ofSeconds(1), 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.999S", "PT168H0.001S", "PT1.0001S", "PT-1S"})
  void aWaitIsFromASecondToAWeek(String wait) {
    assertThatIllegalArgumentException().isThrownBy(() -> waits(Duration.parse(wait), 1));
  }

  @Test
  void theScheduleOfTheSpecificationIsOfThreeDays() {
    assertThat(((RetrySchedule.Waits) RetrySchedule.STANDARD_WEBHOOKS).waits())
        .hasSize(9)
        .startsWith(Duration.ofSeconds(5), Duration.ofMinutes(5))
        .endsWith(Duration.ofHours(20), Duration.ofHours(24));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.999S", "PT50.001S", "PT1.0001S"})
  void aTimeOutIsFrom1To50Seconds(String timeout) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointSettings.requireTimeout(Duration.parse(timeout)));
  }

  @Test
  void anOverlapIsOfAWeekAtMost() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rotation(Duration.ofDays(7).plusMillis(1), null, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rotation(Duration.ofMillis(-1), null, null));
  }

  @Nested
  class TheTable {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "name = 'A'",
          "name = '019e830e-1a00-7ef8-8bc0-f8839d92d41d'",
          "url = 'ftp://a.example'",
          "url = 'https://a.example/' || repeat('x', 2048)",
          "signature = 'v2'",
          "policy = 'strict'",
          "retry_waits_ms = '{}'",
          "retry_waits_ms = '{999}'",
          "retry_waits_ms = '{1000,604800001}'",
          "retry_waits_ms = array_fill(1000, '{25}')",
          "concurrency = 0",
          "concurrency = 1001",
          "rate_per_second = 0.009, rate_burst = 1",
          "rate_per_second = 10001, rate_burst = 1",
          "rate_per_second = 1",
          "rate_per_second = 1, rate_burst = 0",
          "timeout_ms = 999",
          "timeout_ms = 50001",
          "disabled_at = now()",
          "disabled_at = now(), disabled_reason = ''",
          "client_certificate = 'x'",
          "revision = 0"
        })
    void refusesWhatTheTypesRefuse(String change) {
      Database database = EndpointDatabase.emptied();
      Vault vault = new Vault(List.of(EncryptionKey.generate()));
      Instant now = Instant.parse("2026-06-01T12:00:00Z");
      new Endpoints(database.jdbi(), vault, new SettableClock(now))
          .create(EndpointSettings.of("crm", URL), SigningKey.generate(), null);

      assertThatThrownBy(() ->
              database.jdbi().useHandle(handle -> handle.execute("UPDATE endpoint SET " + change)))
          .isInstanceOf(UnableToExecuteStatementException.class)
          .hasMessageContaining("check constraint");
    }
  }

  private static RetrySchedule.Waits waits(Duration wait, int count) {
    return new RetrySchedule.Waits(Collections.nCopies(count, wait));
  }
}
