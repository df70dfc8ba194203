package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.AttemptLog.Result;
import dev.carillon.postgres.Database;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.Tally;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.RetrySchedule;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a message is sent again, and when no more: the real engine, by a clock that is moved. */
@Timeout(120)
class DeliveryRetriesTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final Database database = DeliveryDatabase.emptied();
  private final WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
  private final WebhookClient client = Senders.client();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @Nested
  class TheScheduleOfAnEndpoint {

    private static final List<Duration> WAITS =
        List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(30));

    @Test
    void isFollowedToItsEnd() throws Exception {
      receiver.answer(_ -> Answer.status(503));
      try (Deliverer deliverer = new Deliverer(database, stored(StatusPolicy.CARILLON), client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        for (int failed = 1; failed <= WAITS.size(); failed++) {
          Duration wait = WAITS.get(failed - 1);
          Duration untilNext = deliverer.untilNext(event);
          assertThat(untilNext).isBetween(wait, wait.multipliedBy(6).dividedBy(5));
          deliverer.drainAfter(untilNext.minus(MILLI));
          assertThat(receiver.count()).isEqualTo(failed);
          deliverer.drainAfter(MILLI);
          assertThat(receiver.count()).isEqualTo(failed + 1);
        }
        assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.FAILED);
        assertThat(deliverer.details(event).failureReason())
            .isEqualTo("gave up after 4 attempts: HTTP 503");
        assertThat(deliverer.attempts(event))
            .extracting(AttemptLog.Entry::result)
            .containsExactly(Result.RETRIED, Result.RETRIED, Result.RETRIED, Result.FAILED);
        assertSameMessage(4);
      }
    }

    @Test
    void isLeftWhenTheMessageIsTaken() throws Exception {
      receiver.answer(d -> d.number() < 3 ? Answer.status(500) : Answer.accepted());
      try (Deliverer deliverer = new Deliverer(database, stored(StatusPolicy.CARILLON), client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        deliverer.drainAfter(deliverer.untilNext(event));
        deliverer.drainAfter(deliverer.untilNext(event));
        assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.COMPLETED);
        deliverer.drainAfter(Duration.ofDays(1));
        assertSameMessage(3);
      }
    }

    @ParameterizedTest
    @CsvSource({"CARILLON, FAILED", "STANDARD_WEBHOOKS, PENDING"})
    void isFollowedAfterA404ByTheStandardPolicyOnly(StatusPolicy policy, EventStatus status)
        throws Exception {
      receiver.answer(_ -> Answer.status(404));
      try (Deliverer deliverer = new Deliverer(database, stored(policy), client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.details(event).status()).isEqualTo(status);
      }
    }

    private Receivers stored(StatusPolicy policy) {
      Endpoints endpoints =
          new Endpoints(database.jdbi(), new Vault(List.of(EncryptionKey.generate())), CLOCK);
      endpoints.create(
          new EndpointSettings(
              Endpoint.DEFAULT_NAME,
              receiver.url(),
              policy,
              new RetrySchedule.Waits(WAITS),
              Traffic.DEFAULT,
              LONG,
              false,
              null),
          KEY,
          null);
      return new StoredReceivers(endpoints, _ -> 0, CLOCK);
    }
  }

  /** The same id, a number and a time of its own for each attempt, and good signatures. */
  private void assertSameMessage(int attempts) {
    List<Delivery> all = receiver.deliveries();
    assertThat(all).hasSize(attempts).extracting(Delivery::signed).containsOnly(true);
    assertThat(receiver.tallies()).hasSize(1);
    assertThat(all)
        .extracting(d -> Integer.parseInt(requireNonNull(d.header("carillon-attempt"))))
        .isSorted()
        .doesNotHaveDuplicates()
        .endsWith(attempts);
    assertThat(all)
        .extracting(d -> Long.parseLong(requireNonNull(d.header("webhook-timestamp"))))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Nested
  class WhenAReceiverAsksForAPause {

    @ParameterizedTest
    @CsvSource({"429, 90, PT90S", "503, 90.25, PT90.25S", "503, 3600, PT1H", "408, 61, PT61S"})
    void itIsNeverTriedEarlier(int status, String header, Duration pause) throws Exception {
      receiver.answer(_ -> Answer.status(status).withHeader("Retry-After", header));
      try (Deliverer deliverer = deliverer(client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.untilNext(event)).isEqualTo(pause);
        deliverer.drainAfter(pause.minus(MILLI));
        assertThat(receiver.count()).isEqualTo(1);
        deliverer.drainAfter(MILLI);
        assertThat(receiver.count()).isEqualTo(2);
      }
    }

    @Test
    void untilADateItIsNotTriedBefore() throws Exception {
      try (Deliverer deliverer = deliverer(client)) {
        Instant date = deliverer.clock().instant().plusSeconds(754);
        String header = DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC));
        receiver.answer(_ -> Answer.status(503).withHeader("Retry-After", header));
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.details(event).nextAttemptAt()).isEqualTo(date);
      }
    }

    @Test
    void thatIsShorterThanTheScheduleTheScheduleIsKept() throws Exception {
      receiver.answer(_ -> Answer.status(503).withHeader("Retry-After", "0"));
      try (Deliverer deliverer = deliverer(client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.untilNext(event))
            .isBetween(Duration.ofMillis(100), Duration.ofSeconds(1));
      }
    }

    @Test
    void thatIsLongerThanADayADayIsKept() throws Exception {
      receiver.answer(_ -> Answer.status(429).withHeader("Retry-After", "99999999999"));
      try (Deliverer deliverer = deliverer(client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.untilNext(event)).isEqualTo(RetryPolicy.DEFAULT_MAX_RETRY_AFTER);
      }
    }

    @Test
    void inAFailureForGoodItIsNotTriedAtAll() throws Exception {
      receiver.answer(_ -> Answer.status(410).withHeader("Retry-After", "1"));
      try (Deliverer deliverer = deliverer(client)) {
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.FAILED);
        assertThat(deliverer.attempt(event).result()).isEqualTo(Result.FAILED);
      }
    }
  }

  @Nested
  class OurOwnResolver {

    private static final int FAILURES = 50;

    private final AtomicBoolean fails = new AtomicBoolean(true);

    @ParameterizedTest
    @ValueSource(strings = {"Temporary failure in name resolution", "out of memory"})
    void thatFailsUsesUpNoAttempts(String failure) throws Exception {
      URI url = URI.create(receiver.url().toString().replace("127.0.0.1", "crm.example"));
      try (WebhookClient unlucky = Senders.client(names(failure));
          Deliverer deliverer = deliverer(unlucky, url)) {
        Event event = deliverer.planned();
        deliverer.drain();
        for (int i = 1; i < FAILURES; i++) {
          assertThat(deliverer.untilNext(event))
              .isBetween(
                  WebhookTarget.OWN_FAULT_PAUSE, WebhookTarget.OWN_FAULT_PAUSE.multipliedBy(3));
          deliverer.drainAfter(deliverer.untilNext(event));
        }
        assertThat(deliverer.details(event).retryCount()).isZero();
        assertThat(deliverer.details(event).failureReason())
            .isEqualTo("our name resolver does not answer");
        assertThat(deliverer.attempts(event)).as("none was made").isEmpty();
        fails.set(false);
        deliverer.drainAfter(deliverer.untilNext(event));
        assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.COMPLETED);
        assertThat(receiver.deliveries().getFirst().header("carillon-attempt")).isEqualTo("1");
        assertThat(receiver.tallies().values()).containsExactly(new Tally(1, 1));
      }
    }

    private NameResolver names(String failure) {
      return host -> {
        if (fails.get()) {
          throw new UnknownHostException(host + ": " + failure);
        }
        return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
      };
    }
  }

  @Nested
  class ARefusedAddress {

    @Test
    void isADeadLetterAndOnlyTheOperatorsLogSaysWhich() throws Exception {
      try (WebhookClient strict = Senders.strictClient();
          LoggedLines log = LoggedLines.of(WebhookTarget.class);
          Deliverer deliverer = deliverer(strict)) {
        Event event = deliverer.planned();
        deliverer.drain();

        assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.FAILED);
        assertThat(deliverer.details(event).failureReason()).isEqualTo(Verdict.GENERIC_REASON);
        AttemptLog.Entry attempt = deliverer.attempt(event);
        assertThat(attempt.result()).isEqualTo(Result.FAILED);
        assertThat(attempt.toString()).doesNotContain("127.0.0.1", "loopback");
        assertThat(receiver.count()).isZero();
        assertThat(log.lines())
            .singleElement()
            .asString()
            .contains(event.id().toString(), "127.0.0.1", "loopback");
      }
    }

    @Test
    void ofANameIsADeadLetterToo() throws Exception {
      URI url = URI.create("http://rebound.example/?token=hunter2");
      try (WebhookClient strict = Senders.strictClient();
          LoggedLines log = LoggedLines.of(WebhookTarget.class);
          Deliverer deliverer = deliverer(strict, url)) {
        Event event = deliverer.planned();
        deliverer.drain();
        assertThat(deliverer.details(event).status()).isEqualTo(EventStatus.FAILED);
        assertThat(deliverer.details(event).failureReason()).isEqualTo(Verdict.GENERIC_REASON);
        assertThat(log.lines())
            .singleElement()
            .asString()
            .contains("127.0.0.1")
            .doesNotContain("hunter2");
      }
    }
  }

  private Deliverer deliverer(WebhookClient by) {
    return deliverer(by, receiver.url());
  }

  private Deliverer deliverer(WebhookClient by, URI url) {
    Receiver found = Senders.receiver(url, LONG, KEY);
    return new Deliverer(database, _ -> found, by);
  }
}
