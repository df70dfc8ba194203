package dev.carillon.testkit.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.memory.SettableClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebhookReceiverTest {

  // The vector of the Standard Webhooks reference libraries.
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIMESTAMP = "1614265330";
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(20);

  private final WebhookReceiver receiver =
      WebhookReceiver.start(new SettableClock(NOW), List.of(OTHER_SECRET, SECRET));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    receiver.close();
    client.close();
  }

  @Nested
  class WithoutBeingTold {

    @Test
    void itAcceptsASignedDeliveryAndKeepsIt() throws Exception {
      assertThat(send(SIGNATURE, BODY).statusCode()).isEqualTo(204);
      assertThat(receiver.deliveries())
          .singleElement()
          .satisfies(delivery -> {
            assertThat(delivery.webhookId()).isEqualTo(ID);
            assertThat(delivery.body()).isEqualTo(BODY);
            assertThat(delivery.at()).isEqualTo(NOW);
            assertThat(delivery.signed()).isTrue();
            assertThat(delivery.header("webhook-timestamp")).isEqualTo(TIMESTAMP);
            assertThat(delivery.header("x-none")).isNull();
          });
    }

    @Test
    void itAcceptsADeliveryWhoseSecondSignatureFits() throws Exception {
      assertThat(send("v1,AAAA " + SIGNATURE, BODY).statusCode()).isEqualTo(204);
    }

    @Test
    void itRefusesAChangedBodyAnUnknownSchemeAndAMissingSignature() throws Exception {
      assertThat(send(SIGNATURE, BODY + " ").statusCode()).isEqualTo(401);
      assertThat(send(SIGNATURE.replace("v1,", "v2,"), BODY).statusCode()).isEqualTo(401);
      HttpRequest unsigned = HttpRequest.newBuilder(receiver.url()).build();
      assertThat(client.send(unsigned, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(401);
      assertThat(receiver.deliveries()).extracting(Delivery::signed).containsOnly(false);
    }
  }

  @Test
  void itAnswersAsItIsTold() throws Exception {
    receiver.answer(
        delivery -> Answer.status(503).withHeader("Retry-After", "1").withBody(delivery.body()));
    HttpResponse<String> response = send(SIGNATURE, BODY);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(response.body()).isEqualTo(BODY);
  }

  @Test
  void itCountsWhatArrivedAndWhatItAccepted() throws Exception {
    receiver.answer(d -> d.number() < 3 ? Answer.status(500) : Answer.accepted());
    for (int i = 0; i < 4; i++) {
      send(SIGNATURE, BODY);
    }
    assertThat(receiver.count()).isEqualTo(4);
    assertThat(receiver.tallies()).containsOnlyKeys(ID).containsValue(new Tally(4, 2));
  }

  @Test
  void waitingEndsWhenEnoughHasArrivedOrTheTimeIsOver() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> two = executor.submit(() -> receiver.await(2, LONG));
      send(SIGNATURE, BODY);
      send(SIGNATURE, BODY);
      assertThat(two.get()).isTrue();
    }
    assertThat(receiver.await(3, Duration.ofMillis(10))).isFalse();
  }

  @Test
  void aDelayedAndADrippedAnswerArriveWhole() throws Exception {
    Answer answer = Answer.status(200).withBody("abc");
    receiver.answer(_ -> answer.withPace(new Pace.After(Duration.ofMillis(5))));
    assertThat(send(SIGNATURE, BODY).body()).isEqualTo("abc");
    receiver.answer(_ -> answer.withPace(new Pace.Dripping(Duration.ofMillis(5))));
    assertThat(send(SIGNATURE, BODY).body()).isEqualTo("abc");
  }

  @Test
  void closingBreaksOffAnswersThatWait() throws Exception {
    receiver.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> answer = executor.submit(() -> send(SIGNATURE, BODY));
      assertThat(receiver.await(1, LONG)).isTrue();
      receiver.close();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(answer::get)
          .withCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void onlyTheLatestDeliveriesAreKeptAndAllAreCounted() {
    DeliveryLog log = new DeliveryLog(2);
    for (int i = 0; i < 3; i++) {
      String id = "id" + i;
      log.decided(new Delivery(id, log.arrived(id), Map.of(), "", NOW, true), true);
    }
    assertThat(log.kept()).extracting(Delivery::webhookId).containsExactly("id1", "id2");
    assertThat(log.count()).isEqualTo(3);
    assertThat(log.tallies()).hasSize(3);
  }

  @Test
  void anAnswerHasAFinalStatus() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Answer.status(199))
        .withMessage("status is 199: 200 to 999 are allowed");
  }

  private HttpResponse<String> send(String signature, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(receiver.url())
            .header("webhook-id", ID)
            .header("webhook-timestamp", TIMESTAMP)
            .header("webhook-signature", signature)
            .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
