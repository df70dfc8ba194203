package dev.carillon.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.ProblemException;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.RetrySchedule;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.endpoint.UrlRule;
import dev.carillon.webhook.http.ClientTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointInputTest {

  private static final Instant NOW = Instant.parse("2027-06-01T12:00:00Z");
  private static final URI URL = URI.create("https://crm.example/in");
  private static final EndpointSettings PLAIN = EndpointSettings.of("crm", URL);
  private static final String CERTIFICATE = pem("client.pem");
  private static final String KEY = pem("client-key.pem");
  private static final String OTHER = pem("other.pem");
  private static final EndpointSettings FULL =
      new EndpointSettings(
          "crm",
          URL,
          StatusPolicy.STANDARD_WEBHOOKS,
          new RetrySchedule.Waits(List.of(Duration.ofSeconds(5), Duration.ofMinutes(1))),
          new Traffic(7, new Traffic.Rate(0.5, 3)),
          Duration.ofMillis(1_500),
          true,
          new ClientTls(CERTIFICATE, KEY, CERTIFICATE));

  @Nested
  class Making {

    @Test
    void aNameAndAUrlAreEnough() {
      assertThat(made("{'name': 'crm', 'url': 'https://crm.example/in'}")).isEqualTo(PLAIN);
    }

    @Test
    void everythingMayBeChosen() {
      String json =
          Json.object()
              .put("name", "crm")
              .put("url", URL.toString())
              .put("policy", "standard-webhooks")
              .put("concurrency", 7)
              .put("rate_limit", 0.5)
              .put("burst", 3)
              .put("timeout", "1500ms")
              .put("alerts", true)
              .put("client_certificate", CERTIFICATE)
              .put("client_key", KEY)
              .put("ca_certificate", CERTIFICATE)
              .set("retry", Json.object().arrayNode().add("5s").add("1m"))
              .toString();

      assertThat(input(json).made(NOW)).isEqualTo(FULL);
    }

    @Test
    void whatIsMissingIsToldTogether() {
      assertThat(errors(() -> made("{'url': null}")))
          .extracting(FieldError::field)
          .containsExactlyInAnyOrder("name", "url");
    }

    @Test
    void theRuleOfTheAddressesIsAsked() {
      UrlRule rule = _ -> Optional.of("leads to an internal address");
      JsonFields fields = fields("{'name': 'crm', 'url': 'https://10.0.0.1'}");

      assertThat(errors(() -> new EndpointInput(fields, rule).made(NOW)))
          .containsExactly(new FieldError("url", "leads to an internal address"));
    }
  }

  @Nested
  class Changing {

    @Test
    void whatIsLeftOutStays() {
      assertThat(changed("{}", FULL)).isEqualTo(FULL);
    }

    @Test
    void nullGoesBackToTheDefault() {
      EndpointSettings changed =
          changed(
              """
              {'policy': null, 'retry': null, 'concurrency': null, 'rate_limit': null,
               'burst': null, 'timeout': null, 'alerts': null, 'client_certificate': null,
               'client_key': null, 'ca_certificate': null}
              """,
              FULL);

      assertThat(changed).isEqualTo(PLAIN);
    }

    @Test
    void aRateKeepsItsBurstUntilItIsChangedToo() {
      assertThat(changed("{'rate_limit': 9}", FULL).traffic().rate())
          .isEqualTo(new Traffic.Rate(9, 3));
      assertThat(changed("{'rate_limit': 9, 'burst': null}", FULL).traffic().rate())
          .isEqualTo(new Traffic.Rate(9, 9));
      assertThat(changed("{'burst': 5}", FULL).traffic().rate())
          .isEqualTo(new Traffic.Rate(0.5, 5));
      assertThat(changed("{'rate_limit': 9}", PLAIN).traffic().rate())
          .isEqualTo(new Traffic.Rate(9, 9));
      assertThat(changed("{'rate_limit': null}", FULL).traffic()).isEqualTo(new Traffic(7, null));
    }

    @Test
    void aBurstNeedsARate() {
      assertThat(errors(() -> changed("{'burst': 5}", PLAIN)))
          .containsExactly(new FieldError("burst", "needs a rate_limit"));
      assertThat(errors(() -> changed("{'rate_limit': null, 'burst': 5}", FULL))).hasSize(1);
    }

    @Test
    void aScheduleHasANameOrWaits() {
      assertThat(changed("{'retry': 'exponential'}", FULL).retry())
          .isEqualTo(RetrySchedule.EXPONENTIAL);
      assertThat(changed("{'retry': 'standard-webhooks'}", FULL).retry())
          .isEqualTo(RetrySchedule.STANDARD_WEBHOOKS);
      assertThat(changed("{'retry': ['1h', 'PT2H']}", FULL).retry())
          .isEqualTo(new RetrySchedule.Waits(List.of(Duration.ofHours(1), Duration.ofHours(2))));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
      for (RetrySchedule retry :
          List.of(RetrySchedule.EXPONENTIAL, RetrySchedule.STANDARD_WEBHOOKS, FULL.retry())) {
        String json = Json.object().putPOJO("retry", EndpointView.retry(retry)).toString();
        assertThat(input(json).changed(PLAIN, NOW).retry()).isEqualTo(retry);
      }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "name | 'Crm'",
          "name | null",
          "name | '019e830e-1a00-7ef8-8bc0-f8839d92d41d'",
          "url | 'ftp://crm.example'",
          "url | 'https://me:topsecret@crm.example'",
          "url | 7",
          "url | null",
          "policy | 'strict'",
          "retry | 'never'",
          "retry | []",
          "retry | ['exponential', '5s']",
          "retry | ['0s']",
          "retry | ['8d']",
          "retry | ['PT0.0015S']",
          "retry | [5]",
          "concurrency | 0",
          "concurrency | 1001",
          "rate_limit | 0",
          "rate_limit | 10001",
          "rate_limit | '5'",
          "burst | 0",
          "timeout | '999ms'",
          "timeout | '51s'",
          "timeout | 'PT1.0005S'",
          "timeout | 20",
          "alerts | 'yes'",
          "client_certificate | 'topsecret'",
        })
    void aWrongValueNamesItsFieldAndIsNotRepeated(String field, String value) {
      assertThat(errors(() -> changed("{\"%s\": %s}".formatted(field, value), FULL)))
          .singleElement()
          .satisfies(error -> assertThat(error.field()).isEqualTo(field))
          .satisfies(error -> assertThat(error.detail()).doesNotContain("topsecret"));
    }
  }

  @Nested
  class TransportSecurity {

    @Test
    void aCertificateTakesItsKeyAlong() {
      ClientTls tls = changed("{'client_certificate': null}", FULL).tls();

      assertThat(tls).isEqualTo(new ClientTls(null, null, CERTIFICATE));
    }

    @Test
    void aCertificateAndItsKeyBelongTogether() {
      assertThat(errors(() -> changed(tls("client_certificate", CERTIFICATE), PLAIN)))
          .extracting(FieldError::field)
          .containsExactly("client_key");
      assertThat(errors(() -> changed(tls("client_key", KEY), PLAIN)))
          .extracting(FieldError::field)
          .containsExactly("client_certificate");
      assertThat(errors(() -> changed(tls("client_certificate", OTHER), FULL)))
          .singleElement()
          .satisfies(error -> assertThat(error.field()).isEqualTo("client_key"))
          .satisfies(error -> assertThat(error.detail()).contains("client_certificate"));
    }

    @Test
    void whatIsNoCertificateIsRefusedByItsField() {
      String broken = "-----BEGIN CERTIFICATE-----\ntopsecret\n-----END CERTIFICATE-----";
      assertThat(errors(() -> changed(tls("ca_certificate", broken), PLAIN)))
          .singleElement()
          .satisfies(error -> assertThat(error.field()).isEqualTo("ca_certificate"))
          .satisfies(error -> assertThat(error.detail()).doesNotContain("topsecret", "caPem"));
    }

    @Test
    void anExpiredCertificateIsRefused() {
      Instant late = Instant.parse("2999-01-01T00:00:00Z");
      JsonFields fields = fields(tls("ca_certificate", CERTIFICATE));

      assertThat(errors(() -> new EndpointInput(fields, UrlRule.FORM).changed(PLAIN, late)))
          .singleElement()
          .satisfies(error -> assertThat(error.detail()).contains("expired"));
    }

    private static String tls(String field, String pem) {
      return Json.object().put(field, pem).toString();
    }
  }

  private static EndpointSettings made(String json) {
    return input(json).made(NOW);
  }

  private static EndpointSettings changed(String json, EndpointSettings old) {
    return input(json).changed(old, NOW);
  }

  private static EndpointInput input(String json) {
    return new EndpointInput(fields(json), UrlRule.FORM);
  }

  private static JsonFields fields(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new JsonFields(Json.read(new ByteArrayInputStream(bytes)), EndpointInput.FIELDS);
  }

  private static List<FieldError> errors(Runnable reading) {
    return Objects.requireNonNull(
            catchThrowableOfType(ProblemException.class, reading::run), "nothing was refused")
        .problem()
        .errors();
  }

  private static String pem(String file) {
    try (InputStream in = EndpointInputTest.class.getResourceAsStream("../" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
