package dev.carillon.webhook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.memory.SettableClock;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.Rotation;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Gate;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookTargetTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final SigningKey OLD_KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();

  private final WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
  private final WebhookClient client = Senders.client();
  private final WebhookTarget target = target(KEY);

  @AfterEach
  void close() {
    client.close();
    receiver.close();
    // The official library has the last word on everything that was sent.
    assertThat(receiver.deliveries())
        .allSatisfy(
            delivery -> assertThatCode(() -> verify(delivery, KEY)).doesNotThrowAnyException());
  }

  @Test
  void anAcceptedAttemptSucceeds() throws Exception {
    assertThat(target.perform(Attempts.first())).isInstanceOf(Outcome.Succeeded.class);
    assertThat(receiver.deliveries())
        .singleElement()
        .satisfies(delivery -> {
          assertThat(delivery.signed()).isTrue();
          assertThat(delivery.body()).isEqualTo(Attempts.PAYLOAD);
        });
  }

  @Test
  void theHeadersSayWhatItIs() throws Exception {
    Attempt attempt = Attempts.first();
    target.perform(attempt);
    assertThat(receiver.deliveries().getFirst().headers())
        .containsEntry("webhook-id", "evt_" + attempt.event().id())
        .containsEntry("webhook-timestamp", "" + attempt.startedAt().getEpochSecond())
        .containsEntry("content-type", "application/json")
        .containsEntry("carillon-attempt", "1")
        .containsEntry("carillon-event-type", "BIRTHDAY")
        .hasEntrySatisfying(
            "user-agent", agent -> assertThat(agent).matches("Carillon/\\d+\\.\\d+\\.\\d+.*"))
        .doesNotContainKeys(
            "carillon-late-seconds", "accept-encoding", "upgrade", "expect", "cookie");
  }

  @Test
  void theIdStaysAndTheTimestampIsRenewedOverAttempts() throws Exception {
    Attempt first = Attempts.first();
    SettableClock clock = new SettableClock(first.startedAt());
    Receiver found = Receiver.of(receiver.url(), List.of(KEY));
    WebhookTarget target = new WebhookTarget(_ -> found, Gate.OPEN, client, clock);
    target.perform(first);
    clock.advance(Duration.ofSeconds(90));
    target.perform(Attempts.next(first, Duration.ofSeconds(90)));
    List<Delivery> deliveries = receiver.deliveries();
    assertThat(deliveries).extracting(Delivery::signed).containsExactly(true, true);
    assertThat(deliveries).extracting(Delivery::number).containsExactly(1, 2);
    assertThat(deliveries).extracting(d -> d.header("carillon-attempt")).containsExactly("1", "2");
    long sent = first.startedAt().getEpochSecond();
    assertThat(deliveries)
        .extracting(d -> d.header("webhook-timestamp"))
        .containsExactly("" + sent, "" + (sent + 90));
  }

  @Test
  void aLateAttemptSaysByHowMuch() throws Exception {
    target.perform(Attempts.late(Duration.ofSeconds(60)));
    target.perform(Attempts.late(Duration.ofMillis(59_999)));
    assertThat(receiver.deliveries())
        .extracting(d -> String.valueOf(d.header("carillon-late-seconds")))
        .containsExactly("60", "null");
  }

  @Test
  void anEventTypeThatAHeaderCannotCarryIsMadeHarmless() throws Exception {
    target.perform(Attempts.ofType("name\r\nevil: dåy"));
    assertThat(receiver.deliveries().getFirst().headers())
        .containsEntry("carillon-event-type", "name??evil:?d?y")
        .doesNotContainKey("evil");
  }

  @Nested
  class TheOfficialVerifier {

    @Test
    void acceptsOneSignature() throws Exception {
      target.perform(Attempts.first());
      assertVerifies(KEY);
    }

    @Test
    void acceptsEitherOfTwoSignatures() throws Exception {
      target(KEY, OLD_KEY).perform(Attempts.first());
      assertVerifies(KEY);
      assertVerifies(OLD_KEY);
    }

    @Test
    void refusesAKeyThatDidNotSign() throws Exception {
      target.perform(Attempts.first());
      Delivery delivery = receiver.deliveries().getFirst();
      assertThatCode(() -> verify(delivery, OLD_KEY))
          .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void acceptsTheOldKeyAndTheNewWhileTheyOverlap() throws Exception {
      Instant now = CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
      SettableClock clock = new SettableClock(now);
      Endpoints endpoints =
          new Endpoints(
              DeliveryDatabase.emptied().jdbi(),
              new Vault(List.of(EncryptionKey.generate())),
              clock);
      UUID id = made(endpoints.create(EndpointSettings.of("crm", receiver.url()), OLD_KEY, null));
      // The key is there already: every delivery of this test is verified by it.
      endpoints.rotate(id, new Rotation(Duration.ofMinutes(2), null, KEY));
      StoredReceivers receivers = new StoredReceivers(endpoints, _ -> 0, clock);
      WebhookTarget rotating = new WebhookTarget(receivers, Gate.OPEN, client, clock);

      Attempt attempt = to("crm");
      rotating.perform(attempt);
      clock.advance(Duration.ofMinutes(2));
      rotating.perform(attempt);

      assertThat(receiver.deliveries()).hasSize(2);
      Delivery during = receiver.deliveries().getFirst();
      Delivery after = receiver.deliveries().getLast();
      assertThatCode(() -> verify(during, OLD_KEY)).doesNotThrowAnyException();
      assertThatCode(() -> verify(after, OLD_KEY)).isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void acceptsItsKindBesideTheOther() throws Exception {
      SigningKey asymmetric = SigningKey.generate(SignatureKind.V1A);
      target(asymmetric, KEY).perform(Attempts.first());
      Delivery delivery = receiver.deliveries().getFirst();
      assertVerifies(KEY);
      byte[] body = delivery.body().getBytes(UTF_8);
      String expected =
          asymmetric.sign(
              delivery.webhookId(),
              Long.parseLong(requireNonNull(delivery.header("webhook-timestamp"))),
              body);
      assertThat(delivery.header("webhook-signature")).startsWith(expected + " v1,");
    }

    private static UUID made(EndpointChange change) {
      return ((EndpointChange.Done) change).endpoint().id();
    }

    private static Attempt to(String destination) {
      Attempt attempt = Attempts.first();
      return new Attempt(attempt.event(), 1, attempt.startedAt(), attempt.payload(), destination);
    }

    private void assertVerifies(SigningKey key) {
      Delivery delivery = receiver.deliveries().getFirst();
      assertThatCode(() -> verify(delivery, key)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) throws Exception {
    try (WebhookReceiver other = WebhookReceiver.start(CLOCK, List.of(KEY.secret()))) {
      receiver.answer(_ -> Answer.status(status).withHeader("Location", other.url().toString()));
      assertThat(reason(target.perform(Attempts.first())))
          .isEqualTo("HTTP " + status + ", a redirect, which is never followed");
      assertThat(other.count()).isZero();
    }
  }

  @Test
  void aRequestIsNeverRepeatedByItself() throws Exception {
    receiver.answer(delivery ->
        Answer.status(delivery.number() == 1 ? 503 : 401)
            .withHeader("Retry-After", "1")
            .withHeader("WWW-Authenticate", "Basic realm=\"x\"")
            .withHeader("Set-Cookie", "a=b"));
    Attempt attempt = Attempts.first();
    assertThat(target.perform(attempt))
        .isInstanceOfSatisfying(
            Outcome.Retryable.class,
            retryable -> assertThat(retryable.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
    assertThat(reason(target.perform(attempt))).isEqualTo("HTTP 401");
    assertThat(receiver.deliveries())
        .hasSize(2)
        .allSatisfy(d -> assertThat(d.headers()).doesNotContainKeys("cookie", "authorization"));
  }

  @Test
  void aFailureRepeatsWhatTheReceiverSaid() throws Exception {
    receiver.answer(_ -> Answer.status(500).withBody("out of\ncheese 🧀"));
    assertThat(reason(target.perform(Attempts.first()))).isEqualTo("HTTP 500: out of cheese 🧀");
  }

  @Test
  void aCompressedBodyIsNotUnpacked() throws Exception {
    receiver.answer(
        _ -> Answer.status(500).withBody("not really").withHeader("Content-Encoding", "gzip"));
    assertThat(reason(target.perform(Attempts.first()))).isEqualTo("HTTP 500: not really");
  }

  @Test
  void hundredsOfAttemptsAreUnderWayAtOnce() throws Exception {
    int attempts = 300;
    CyclicBarrier all = new CyclicBarrier(attempts);
    receiver.answer(_ -> meetsAll(all) ? Answer.accepted() : Answer.status(500));
    List<Future<Outcome>> outcomes = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < attempts; i++) {
        outcomes.add(executor.submit(() -> target.perform(Attempts.first())));
      }
    }
    for (Future<Outcome> outcome : outcomes) {
      assertThat(outcome.get()).isInstanceOf(Outcome.Succeeded.class);
    }
    assertThat(receiver.tallies()).hasSize(attempts);
  }

  @Test
  void aProxyOfTheWholeProcessIsNotAsked() throws Exception {
    List<URI> asked = new ArrayList<>();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(recording(asked));
    try {
      assertThat(target.perform(Attempts.first())).isInstanceOf(Outcome.Succeeded.class);
    } finally {
      ProxySelector.setDefault(before);
    }
    assertThat(asked).isEmpty();
  }

  private WebhookTarget target(SigningKey... keys) {
    Receiver found = Receiver.of(receiver.url(), List.of(keys));
    return new WebhookTarget(_ -> found, Gate.OPEN, client, CLOCK);
  }

  private static void verify(Delivery delivery, SigningKey key) throws Exception {
    Map<String, List<String>> headers =
        Map.of(
            "webhook-id", List.of(delivery.webhookId()),
            "webhook-timestamp", List.of(requireNonNull(delivery.header("webhook-timestamp"))),
            "webhook-signature", List.of(requireNonNull(delivery.header("webhook-signature"))));
    new Webhook(key.secret()).verify(delivery.body(), headers);
  }

  private static String reason(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded _ -> "";
      case Outcome.Retryable retryable -> retryable.reason();
      case Outcome.Rejected rejected -> rejected.reason();
      case Outcome.Postponed postponed -> postponed.reason();
      case Outcome.Held held -> held.reason();
      case Outcome.Skipped skipped -> skipped.reason();
    };
  }

  private static boolean meetsAll(CyclicBarrier all) {
    try {
      all.await(10, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException | BrokenBarrierException | TimeoutException _) {
      return false;
    }
  }

  private static ProxySelector recording(List<URI> asked) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        asked.add(uri);
        return List.of(Proxy.NO_PROXY);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    };
  }
}
