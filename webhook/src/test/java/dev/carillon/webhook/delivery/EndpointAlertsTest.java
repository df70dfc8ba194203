package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventStatus;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Alert;
import dev.carillon.webhook.traffic.Result;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class EndpointAlertsTest {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00.123456Z");
  private static final Instant SINCE = Instant.parse("2026-06-01T11:59:00Z");
  private static final UUID CRM = UUID.fromString("00000000-0000-7000-8000-0000000000c1");
  private static final UUID TOLD = UUID.fromString("00000000-0000-7000-8000-0000000000c2");

  private final EndpointAlerts alerts = new EndpointAlerts(TimeZones.ofJvm(), new EventIds(CLOCK));

  @Test
  void theMessageSaysWhatHappenedToWhichEndpointAndWhy() {
    Event event = alerts.event(failing(AT), TOLD);
    assertThat(Deliverer.json(alerts.payload(event)))
        .isEqualTo(
            Deliverer.json(
                """
                {
                  "type": "endpoint.failing",
                  "timestamp": "2026-06-01T12:00:00.123456Z",
                  "data": {
                    "endpoint_id": "00000000-0000-7000-8000-0000000000c1",
                    "endpoint_name": "crm",
                    "cause": "HTTP 503: out of \\"cheese\\" 🧀",
                    "failures": 4,
                    "failing_since": "2026-06-01T11:59:00Z"
                  }
                }
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "FAILING, endpoint.failing",
    "DISABLED, endpoint.disabled",
    "RECOVERED, endpoint.recovered"
  })
  void theTypeOfTheMessageIsTheKindOfAlert(Alert.Kind kind, String type) {
    JsonNode message = Deliverer.json(alerts.payload(alerts.event(alert(kind, AT, null), TOLD)));
    assertThat(message.get("type").asText()).isEqualTo(type);
    assertThat(message.get("data").has("failing_since")).isFalse();
  }

  @Test
  void anAlertIsDueAtOnceToWhomIsTold() {
    Event event = alerts.event(failing(AT), TOLD);
    assertThat(event.type()).isEqualTo(alerts.name());
    assertThat(event.subject()).isEqualTo(CRM);
    assertThat(event.at().instant()).isEqualTo(AT);
    assertThat(alerts.destination(event)).contains(TOLD.toString());
    assertThat(alerts.next(event)).isEmpty();
  }

  @Test
  void anAlertIsToldOnceToEach() {
    String key = key(failing(AT), TOLD);
    assertThat(key(failing(AT), TOLD)).isEqualTo(key);
    assertThat(
            List.of(
                key,
                key(failing(AT), CRM),
                key(failing(AT.plus(1, ChronoUnit.MICROS)), TOLD),
                key(alert(Alert.Kind.DISABLED, AT, null), TOLD),
                key(new Alert(Alert.Kind.FAILING, TOLD, "erp", "HTTP 503", 4, SINCE, AT), TOLD)))
        .doesNotHaveDuplicates();
  }

  @Test
  void anAlertThatTwoProcessesTellIsPlannedOnce() {
    PostgresEventStore store = new PostgresEventStore(DeliveryDatabase.emptied().jdbi());
    assertThat(store.plan(List.of(alerts.event(failing(AT), TOLD)))).isEqualTo(1);
    assertThat(store.plan(List.of(alerts.event(failing(AT), TOLD)))).isZero();
    assertThat(store.plan(List.of(alerts.event(failing(AT), CRM)))).isEqualTo(1);
  }

  @Test
  void theLargestAlertFits() {
    String worst = "\"".repeat(Result.Failed.MAX_CAUSE_LENGTH);
    Alert alert =
        new Alert(Alert.Kind.RECOVERED, CRM, "n".repeat(63), worst, Integer.MAX_VALUE, SINCE, AT);
    Event event = alerts.event(alert, TOLD);
    assertThat(Deliverer.json(alerts.payload(event)).get("data").get("cause").asText())
        .isEqualTo(worst);
  }

  @Test
  void anAlertIsDeliveredToTheEndpointThatIsToldAndSignedByItsKey() throws Exception {
    SigningKey key = SigningKey.generate();
    Database database = DeliveryDatabase.emptied();
    Endpoints endpoints =
        new Endpoints(database.jdbi(), new Vault(List.of(EncryptionKey.generate())), CLOCK);
    try (WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(key.secret()));
        WebhookClient client = Senders.client();
        Deliverer deliverer =
            new Deliverer(
                database, alerts, new StoredReceivers(endpoints, _ -> 0, CLOCK), client)) {
      Endpoint operators = made(endpoints, "operators", receiver.url(), key);
      Endpoint crm =
          made(endpoints, "crm", URI.create("http://crm.invalid/in"), SigningKey.generate());
      Instant now = deliverer.clock().instant();
      Alert alert = new Alert(Alert.Kind.FAILING, crm.id(), "crm", "HTTP 503", 4, now, now);

      Event event = deliverer.planned(alerts.event(alert, operators.id()));
      deliverer.drain();

      assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.COMPLETED);
      assertThat(deliverer.attempt(event).lane()).isEqualTo(operators.id());
      assertThat(receiver.deliveries())
          .singleElement()
          .satisfies(delivery -> {
            assertThat(delivery.header("carillon-event-type")).isEqualTo("ENDPOINT_ALERT");
            assertThat(Deliverer.json(delivery.body()).get("data").get("endpoint_id").asText())
                .isEqualTo(crm.id().toString());
            assertThatCode(() -> verify(delivery, key)).doesNotThrowAnyException();
          });
    }
  }

  private static Endpoint made(Endpoints endpoints, String name, URI url, SigningKey key) {
    EndpointChange change = endpoints.create(EndpointSettings.of(name, url), key, null);
    return ((EndpointChange.Done) change).endpoint();
  }

  private static void verify(Delivery delivery, SigningKey key) throws Exception {
    Map<String, List<String>> headers =
        Map.of(
            "webhook-id", List.of(delivery.webhookId()),
            "webhook-timestamp", List.of(requireNonNull(delivery.header("webhook-timestamp"))),
            "webhook-signature", List.of(requireNonNull(delivery.header("webhook-signature"))));
    new Webhook(key.secret()).verify(delivery.body(), headers);
  }

  private String key(Alert alert, UUID told) {
    return alerts.event(alert, told).idempotencyKey();
  }

  private static Alert failing(Instant at) {
    return alert(Alert.Kind.FAILING, at, SINCE);
  }

  private static Alert alert(Alert.Kind kind, Instant at, @Nullable Instant since) {
    return new Alert(kind, CRM, "crm", "HTTP 503: out of \"cheese\" 🧀", 4, since, at);
  }
}
