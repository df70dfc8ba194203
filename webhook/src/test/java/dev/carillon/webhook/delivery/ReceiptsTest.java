package dev.carillon.webhook.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.event.Event;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.http.RawServer;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Gate;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReceiptsTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String TOKEN = "hunter2";

  private final WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
  private final WebhookClient client = Senders.client();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @Test
  void anAnswerIsKeptWithItsStatusAndTimings() throws Exception {
    receiver.answer(_ -> Answer.status(202).withBody("{\"thanks\":\"Zoë\"}"));
    JsonNode details = details(receiver.url(), client);
    assertThat(details.get("status").asInt()).isEqualTo(202);
    assertThat(details.get("response").asText()).isEqualTo("{\"thanks\":\"Zoë\"}");
    assertThat(details.has("error")).isFalse();
    assertThat(details.get("timings").propertyStream().map(Map.Entry::getKey))
        .containsExactly("dns_ms", "connect_ms", "first_byte_ms", "total_ms");
    JsonNode timings = details.get("timings");
    assertThat(timings.get("total_ms").asDouble())
        .isGreaterThanOrEqualTo(
            timings.get("dns_ms").asDouble()
                + timings.get("connect_ms").asDouble()
                + timings.get("first_byte_ms").asDouble()
                - 0.01);
  }

  @Test
  void aConnectionThatIsUsedAgainTakesNoTimeToMake() throws Exception {
    details(receiver.url(), client);
    assertThat(details(receiver.url(), client).get("timings").propertyStream())
        .extracting(Map.Entry::getKey)
        .containsExactly("first_byte_ms", "total_ms");
  }

  @Test
  void anAttemptIsDatedByWhenItBegan() throws Exception {
    Instant before = CLOCK.instant();
    Receiver found = Senders.receiver(receiver.url(), LONG, KEY);
    Receipt receipt = receipt(found, client);
    assertThat(receipt.startedAt()).isBetween(before, CLOCK.instant());
    assertThat(receipt.lane()).isEqualTo(found.id());
  }

  @Test
  void ofAnAnswerTheFirst4KibAreKept() throws Exception {
    receiver.answer(_ -> Answer.status(500).withBody("x".repeat(10_000)));
    assertThat(details(receiver.url(), client).get("response").asText())
        .isEqualTo("x".repeat(4096));
  }

  @Test
  void withoutAnAnswerTheErrorIsKept() throws Exception {
    receiver.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
    JsonNode details =
        Deliverer.json(receipt(Senders.receiver(receiver.url(), SHORT, KEY), client).details());
    assertThat(details.get("error").asText())
        .isEqualTo("time-out after 500 ms in all, waiting for the response");
    assertThat(details.has("status")).isFalse();
    assertThat(details.has("response")).isFalse();
    assertThat(details.get("timings").get("total_ms").asDouble()).isGreaterThanOrEqualTo(499);
  }

  @Test
  void aRefusedAddressIsNotKept() throws Exception {
    try (WebhookClient strict = Senders.strictClient()) {
      String details = receipt(Senders.receiver(receiver.url(), LONG, KEY), strict).details();
      assertThat(Deliverer.json(details).get("error").asText()).isEqualTo(Verdict.GENERIC_REASON);
      assertThat(details).doesNotContain("127.0.0.1", "loopback");
    }
  }

  @Test
  void neitherTheUrlNorASecretIsKept() throws Exception {
    List<String> kept = new ArrayList<>();
    try (WebhookClient strict = Senders.strictClient();
        RawServer reset = RawServer.start(RawServer.Connection::resetAfterRequest)) {
      for (int status : new int[] {204, 301, 404, 410, 500}) {
        receiver.answer(_ -> Answer.status(status));
        kept.add(outcome(withToken(receiver.url()), client).toString());
      }
      kept.add(outcome(withToken(reset.url("http")), client).toString());
      kept.add(outcome(withToken(reset.url("https")), client).toString());
      kept.add(outcome(withToken(URI.create("http://nobody.invalid/in")), client).toString());
      kept.add(outcome(withToken(receiver.url()), strict).toString());
    }
    assertThat(kept)
        .hasSize(9)
        .allSatisfy(one ->
            assertThat(one)
                .doesNotContain(TOKEN, KEY.secret(), "127.0.0.1", "nobody.invalid", "v1,"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\0b",
        "\0",
        "\u00ff\u00fe",
        "\u00c3(",
        "half a smile \u00f0\u009f\u0098",
        "\u00ed\u00a0\u0080",
        "\u0001\u001b[31m",
        "\"\\u0000\""
      })
  void anAnswerThatIsNoTextIsStoredAsFarAsItIsOne(String bytes) throws Exception {
    String answer = "HTTP/1.1 500 Oh\r\nContent-Length: " + bytes.length() + "\r\n\r\n" + bytes;
    String text = new String(bytes.getBytes(ISO_8859_1), UTF_8);
    assertThat(stored(answer)).isEqualTo(text.replace('\0', '\uFFFD'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\u0001", "\u00ff", "\"", "\\"})
  void theWorstOfAnswersFitsIntoTheLog(String bytes) throws Exception {
    String answer = "HTTP/1.1 500 Oh\r\nContent-Length: 9000\r\n\r\n" + bytes.repeat(9000);
    assertThat(stored(answer)).hasSize(4096);
  }

  /** What the log in the database says of an answer. */
  private static String stored(String answer) throws Exception {
    try (RawServer server =
            RawServer.start(connection -> {
              connection.readRequest();
              connection.write(answer);
              connection.pause(LONG);
            });
        WebhookClient client = Senders.client();
        Deliverer deliverer =
            new Deliverer(
                DeliveryDatabase.emptied(),
                _ -> Senders.receiver(server.url("http"), LONG, KEY),
                client)) {
      Event event = deliverer.planned();
      deliverer.drain();
      assertThat(deliverer.details(event).failureReason()).startsWith("HTTP 500");
      JsonNode details = Deliverer.json(deliverer.attempt(event).details());
      assertThat(details.get("status").asInt()).isEqualTo(500);
      return details.get("response").asText();
    }
  }

  private static URI withToken(URI url) {
    return URI.create(url + "?token=" + TOKEN);
  }

  private static JsonNode details(URI url, WebhookClient client) throws InterruptedException {
    return Deliverer.json(receipt(Senders.receiver(url, LONG, KEY), client).details());
  }

  private static Outcome outcome(URI url, WebhookClient client) throws InterruptedException {
    return outcome(Senders.receiver(url, LONG, KEY), client);
  }

  private static Receipt receipt(Receiver found, WebhookClient client) throws InterruptedException {
    return requireNonNull(outcome(found, client).receipt());
  }

  private static Outcome outcome(Receiver found, WebhookClient client) throws InterruptedException {
    Attempt attempt = Attempts.first();
    return new WebhookTarget(_ -> found, Gate.OPEN, client, CLOCK).perform(attempt);
  }
}
