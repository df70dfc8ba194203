package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.http.RawServer;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Gate;
import dev.carillon.webhook.traffic.Result;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However an attempt ends, its endpoint's gate hears of it once, and of nothing that never began.
 */
@Timeout(60)
class WebhookEndingsTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
  private final RecordingGate gate = new RecordingGate();
  private final WebhookClient client = Senders.client();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 299})
  void aSuccessIsOne(int status) throws Exception {
    receiver.answer(_ -> Answer.status(status));
    assertThat(perform(receiver.url(), client)).isInstanceOf(Outcome.Succeeded.class);
    assertLeft(new Result.Succeeded());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404, 500, 503, 600})
  void aFailureIsCharged(int status) throws Exception {
    receiver.answer(_ -> Answer.status(status));
    perform(receiver.url(), client);
    assertThat(gate.left())
        .singleElement()
        .isInstanceOfSatisfying(
            Result.Failed.class,
            failed -> {
              assertThat(failed.cause()).startsWith("HTTP " + status);
              assertThat(failed.gone()).isFalse();
              assertThat(failed.askedUntil()).isNull();
            });
  }

  @Test
  void anEndpointThatIsGoneIsSaidToBe() throws Exception {
    receiver.answer(_ -> Answer.status(410));
    assertThat(perform(receiver.url(), client)).isInstanceOf(Outcome.Rejected.class);
    assertLeft(new Result.Failed("HTTP 410", null, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void anEndpointThatAsksForAPauseGetsIt(int status) throws Exception {
    Instant before = CLOCK.instant();
    receiver.answer(_ -> Answer.status(status).withHeader("Retry-After", "60"));
    perform(receiver.url(), client);
    assertThat(gate.left())
        .singleElement()
        .isInstanceOfSatisfying(
            Result.Failed.class,
            failed ->
                assertThat(failed.askedUntil())
                    .isBetween(before.plusSeconds(60), CLOCK.instant().plusSeconds(60)));
  }

  @Test
  void aTimeoutIsCharged() throws Exception {
    receiver.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
    Receiver hasty = Senders.receiver(receiver.url(), SHORT, KEY);
    target(hasty, gate, client).perform(Attempts.first());
    assertLeft(
        new Result.Failed("time-out after 300 ms in all, waiting for the response", null, false));
  }

  @Test
  void aBrokenConnectionIsCharged() throws Exception {
    try (RawServer server = RawServer.start(RawServer.Connection::resetAfterRequest)) {
      perform(server.url("http"), client);
    }
    assertLeft(new Result.Failed("the connection broke before the response", null, false));
  }

  @Test
  void ourResolverIsNotCharged() throws Exception {
    try (WebhookClient unlucky = Senders.client(WebhookEndingsTest::noAnswer)) {
      assertThat(perform(URI.create("http://hooks.example/"), unlucky))
          .isInstanceOfSatisfying(
              Outcome.Postponed.class,
              postponed -> {
                assertThat(postponed.reason()).isEqualTo("our name resolver does not answer");
                assertThat(postponed.pause())
                    .isBetween(
                        WebhookTarget.OWN_FAULT_PAUSE,
                        WebhookTarget.OWN_FAULT_PAUSE.multipliedBy(3));
              });
    }
    assertLeft(new Result.NotCharged());
  }

  @Test
  void aRefusedAddressIsChargedWithoutSayingWhich() throws Exception {
    try (WebhookClient strict = Senders.strictClient()) {
      assertThat(perform(receiver.url(), strict))
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(Verdict.GENERIC_REASON));
    }
    assertLeft(new Result.Failed(Verdict.GENERIC_REASON, null, false));
    assertThat(receiver.count()).isZero();
  }

  @Test
  void aClosedClientIsNotCharged() throws Exception {
    client.close();
    assertThat(perform(receiver.url(), client)).isInstanceOf(Outcome.Postponed.class);
    assertLeft(new Result.NotCharged());
  }

  @Test
  void whatNobodyForesawIsNotCharged() {
    InstantSource stopped =
        () -> {
          throw new IllegalStateException("the clock stopped");
        };
    WebhookTarget target =
        new WebhookTarget(_ -> Senders.receiver(receiver.url(), LONG, KEY), gate, client, stopped);
    assertThatThrownBy(() -> target.perform(Attempts.first())).hasMessage("the clock stopped");
    assertLeft(new Result.NotCharged());
  }

  @Nested
  class AnInterruption {

    @Test
    void whileTheAnswerIsWaitedForIsNotCharged() throws Exception {
      receiver.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Boolean> interrupted = executor.submit(this::isInterrupted);
        assertThat(receiver.await(1, LONG)).isTrue();
        executor.shutdownNow();
        assertThat(interrupted.get()).isTrue();
      }
      assertLeft(new Result.NotCharged());
    }

    @Test
    void beforeItBeginsIsNotCharged() {
      Thread.currentThread().interrupt();
      assertThat(isInterrupted()).isTrue();
      assertLeft(new Result.NotCharged());
      assertThat(receiver.count()).isZero();
    }

    @Test
    void whileTheGateIsClosedLeavesNothing() {
      Gate closed =
          _ -> {
            throw new InterruptedException();
          };
      WebhookTarget target = target(Senders.receiver(receiver.url(), LONG, KEY), closed, client);
      assertThatThrownBy(() -> target.perform(Attempts.first()))
          .isInstanceOf(InterruptedException.class);
      assertThat(receiver.count()).isZero();
    }

    private boolean isInterrupted() {
      try {
        perform(receiver.url(), client);
        return false;
      } catch (InterruptedException _) {
        return true;
      }
    }
  }

  @Nested
  class WhatIsNotBegun {

    @Test
    void withoutRoomIsHeldInTheLaneOfItsEndpoint() throws Exception {
      Receiver found = Senders.receiver(receiver.url(), LONG, KEY);
      Gate full = _ -> new Gate.Admission.Refused("it is busy: 100 under way");
      assertThat(target(found, full, client).perform(Attempts.first()))
          .isEqualTo(new Outcome.Held(found.id(), "it is busy: 100 under way"));
      assertThat(receiver.count()).isZero();
    }

    @Test
    void withoutAnEndpointIsHeldInTheLaneOfNobody() throws Exception {
      assertThat(found(new Receivers.Missing("there is no endpoint crm: make one")))
          .isEqualTo(new Outcome.Held(Gate.NOWHERE, "there is no endpoint crm: make one"));
    }

    @Test
    void whoseEndpointCannotBeReadIsPostponed() throws Exception {
      assertThat(found(new Receivers.Unreadable("ENCRYPTION_KEY differs")))
          .isEqualTo(
              new Outcome.Postponed(
                  "ENCRYPTION_KEY differs", WebhookTarget.UNREADABLE_PAUSE, null));
    }

    private Outcome found(Receivers.Found found) throws InterruptedException {
      Outcome outcome =
          new WebhookTarget(_ -> found, gate, client, CLOCK).perform(Attempts.first());
      assertThat(gate.entered()).isEmpty();
      return outcome;
    }
  }

  @Test
  void theGateIsAskedForTheEndpointOfTheEvent() throws Exception {
    Receiver found = Senders.receiver(receiver.url(), LONG, KEY);
    Attempt attempt = Attempts.first();
    Attempt to = new Attempt(attempt.event(), 1, attempt.startedAt(), attempt.payload(), "crm");
    WebhookTarget target =
        new WebhookTarget(
            name -> "crm".equals(name) ? found : new Receivers.Missing("?"), gate, client, CLOCK);
    assertThat(target.perform(to)).isInstanceOf(Outcome.Succeeded.class);
    assertThat(gate.entered()).containsExactly(found.id());
  }

  @Test
  void whoIsAskedByAPersonDoesNotWaitAtTheGate() throws Exception {
    Gate full = _ -> new Gate.Admission.Refused("it is disabled");
    Receiver found = Senders.receiver(receiver.url(), LONG, KEY);
    assertThat(target(found, full, client).deliver(Attempts.first(), found))
        .isInstanceOf(Outcome.Succeeded.class);
    assertThat(receiver.count()).isEqualTo(1);
  }

  private Outcome perform(URI url, WebhookClient by) throws InterruptedException {
    return target(Senders.receiver(url, LONG, KEY), gate, by).perform(Attempts.first());
  }

  private void assertLeft(Result result) {
    assertThat(gate.entered()).hasSize(1);
    assertThat(gate.left()).containsExactly(result);
  }

  private static WebhookTarget target(Receiver found, Gate gate, WebhookClient client) {
    return new WebhookTarget(_ -> found, gate, client, CLOCK);
  }

  private static InetAddress[] noAnswer(String host) throws UnknownHostException {
    throw new UnknownHostException(host + ": Temporary failure in name resolution");
  }
}
