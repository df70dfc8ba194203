package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.testkit.Patience;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.RetrySchedule;
import dev.carillon.webhook.endpoint.Rotation;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.WebhookSigner;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoredReceiversTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final URI URL = URI.create("https://crm.example/in?token=topsecret");
  private static final URI OTHER = URI.create("https://other.example/in");
  private static final SigningKey KEY = SigningKey.generate();
  private static final Duration A_WHILE = Duration.ofSeconds(20);

  private final Database database = DeliveryDatabase.emptied();
  private final SettableClock clock = new SettableClock(NOW);
  private final Vault vault = new Vault(List.of(EncryptionKey.generate()));
  private final Endpoints endpoints = new Endpoints(database.jdbi(), vault, clock);
  private final AtomicInteger statements = new AtomicInteger();
  private final AtomicLong revision = new AtomicLong();
  private final StoredReceivers receivers =
      new StoredReceivers(
          new Endpoints(counted(database), vault, clock), _ -> revision.get(), clock);

  @Nested
  class WhatIsFound {

    @Test
    void anEndpointIsFoundByItsIdAndItsName() {
      Endpoint crm = made("crm");
      assertThat(receiver("crm").id()).isEqualTo(crm.id());
      assertThat(receiver(crm.id().toString()).id()).isEqualTo(crm.id());
    }

    @Test
    void whereNobodyChoseTheDefaultIsFound() {
      made("crm");
      assertThat(receivers.find(null)).isInstanceOf(Receivers.Missing.class);
      receivers.forget();
      Endpoint standard = made("default");
      assertThat(receiver(null).id()).isEqualTo(standard.id());
    }

    @Test
    void whatWasChosenOfItIsFollowed() {
      List<Duration> waits = List.of(Duration.ofSeconds(5), Duration.ofMinutes(5));
      EndpointSettings settings =
          new EndpointSettings(
              "crm",
              URL,
              StatusPolicy.STANDARD_WEBHOOKS,
              new RetrySchedule.Waits(waits),
              Traffic.DEFAULT,
              Duration.ofSeconds(7),
              false,
              null);
      endpoints.create(settings, KEY, null);

      Receiver found = receiver("crm");

      assertThat(found.url()).isEqualTo(URL);
      assertThat(found.policy()).isEqualTo(StatusPolicy.STANDARD_WEBHOOKS);
      assertThat(found.retry()).isEqualTo(RetryPolicy.listed(waits));
      assertThat(found.timeout()).isEqualTo(Duration.ofSeconds(7));
      assertThat(found.toString()).doesNotContain("topsecret", KEY.secret());
    }

    @Test
    void whereNoScheduleWasChosenTheEnginesIsFollowed() {
      made("crm");
      assertThat(receiver("crm").retry()).isNull();
    }

    @Test
    void whatIsNotThereIsSaidToBeMissing() {
      assertThat(receivers.find("crm"))
          .isEqualTo(new Receivers.Missing("there is no endpoint crm: make one"));
      String id = UUID.randomUUID().toString();
      assertThat(receivers.find(id))
          .isEqualTo(new Receivers.Missing("there is no endpoint " + id + ": make one"));
    }
  }

  @Nested
  class AChange {

    @Test
    void elsewhereIsSeenInAMomentWhereRevisionsAreNotKnown() {
      Endpoint crm = made("crm");
      assertThat(receiver("crm").url()).isEqualTo(URL);
      long before = System.nanoTime();
      move(crm);
      Patience.until(A_WHILE, () -> receiver("crm").url().equals(OTHER));
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isLessThan(StoredReceivers.KEPT_FOR.multipliedBy(3));
    }

    @Test
    void elsewhereIsSeenAtOnceByItsRevision() {
      Endpoint crm = made("crm");
      revision.set(1);
      assertThat(receiver("crm").url()).isEqualTo(URL);
      revision.set(move(crm));
      assertThat(receiver("crm").url()).isEqualTo(OTHER);
    }

    @Test
    void hereIsSeenAtOnce() {
      Endpoint crm = made("crm");
      assertThat(receiver("crm").url()).isEqualTo(URL);
      move(crm);
      receivers.forget();
      assertThat(receiver("crm").url()).isEqualTo(OTHER);
    }

    @Test
    void hereThatTheOthersHaveNotHeardOfYetIsNotLookedUpAgainAndAgain() {
      revision.set(1);
      move(made("crm"));
      receiver("crm");
      int looked = statements.get();
      for (int i = 0; i < 100; i++) {
        assertThat(receiver("crm").url()).isEqualTo(OTHER);
      }
      assertThat(statements).hasValue(looked);
    }

    @Test
    void thatDeletesItIsSeen() {
      Endpoint crm = made("crm");
      receiver("crm");
      endpoints.delete(crm.id());
      Patience.until(A_WHILE, () -> receivers.find("crm") instanceof Receivers.Missing);
      assertThat(receivers.find(crm.id().toString())).isInstanceOf(Receivers.Missing.class);
    }

    @Test
    void thatMakesItIsSeen() {
      assertThat(receivers.find("crm")).isInstanceOf(Receivers.Missing.class);
      made("crm");
      Patience.until(A_WHILE, () -> receivers.find("crm") instanceof Receiver);
    }

    @Test
    void ofItsNameIsSeen() {
      Endpoint crm = made("crm");
      revision.set(1);
      receiver("crm");
      EndpointChange renamed =
          endpoints.update(crm.id(), null, _ -> EndpointSettings.of("erp", URL));
      revision.set(((EndpointChange.Done) renamed).endpoint().revision());
      assertThat(receivers.find("crm")).isInstanceOf(Receivers.Missing.class);
      assertThat(receiver("erp").id()).isEqualTo(crm.id());
    }

    private long move(Endpoint endpoint) {
      EndpointChange change =
          endpoints.update(endpoint.id(), null, settings -> settings.withUrl(OTHER));
      return ((EndpointChange.Done) change).endpoint().revision();
    }
  }

  @Nested
  class ARotation {

    @Test
    void isFollowedToTheEndOfItsOverlap() {
      Endpoint crm = made("crm");
      revision.set(1);
      assertThat(signer().keys()).hasSize(1);
      SigningKey next = SigningKey.generate();
      EndpointChange.Rotated rotated =
          (EndpointChange.Rotated)
              endpoints.rotate(crm.id(), new Rotation(Duration.ofHours(1), null, next));
      revision.set(rotated.endpoint().revision());

      assertThat(secrets(signer())).containsExactly(next.secret(), KEY.secret());
      clock.advance(Duration.ofHours(1).minusNanos(1));
      assertThat(signer().keys()).hasSize(2);
      clock.advance(Duration.ofNanos(1));
      assertThat(secrets(signer())).containsExactly(next.secret());
    }

    private WebhookSigner signer() {
      return receiver("crm").signer();
    }

    private static List<String> secrets(WebhookSigner signer) {
      return signer.keys().stream().map(SigningKey::secret).toList();
    }
  }

  @Nested
  class LookingUp {

    @Test
    void isDoneOnceWhileItsRevisionHolds() {
      made("crm");
      revision.set(1);
      for (int i = 0; i < 1_000; i++) {
        receiver("crm");
      }
      assertThat(statements).hasValue(2);
    }

    @Test
    void isDoneOnceForAllWhoAskAtTheSameTime() throws Exception {
      made("crm");
      revision.set(1);
      int threads = 50;
      CountDownLatch ready = new CountDownLatch(threads);
      List<Future<Receiver>> found = new ArrayList<>();
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < threads; i++) {
          found.add(
              executor.submit(() -> {
                ready.countDown();
                ready.await();
                return receiver("crm");
              }));
        }
      }
      Receiver first = found.getFirst().get();
      for (Future<Receiver> one : found) {
        assertThat(one.get()).isSameAs(first);
      }
      assertThat(statements).hasValue(2);
    }

    @Test
    void isDoneOnceAMomentForWhatIsMissing() {
      for (int i = 0; i < 100; i++) {
        receivers.find("crm");
      }
      assertThat(statements).hasValueLessThan(10);
    }
  }

  @Nested
  class WhatCannotBeUsed {

    @Test
    void withAnotherEncryptionKeyIsUnreadableAndSaysSo() {
      made("crm");
      Vault other = new Vault(List.of(EncryptionKey.generate()));
      StoredReceivers stranger =
          new StoredReceivers(new Endpoints(database.jdbi(), other, clock), _ -> 0, clock);
      assertThat(stranger.find("crm"))
          .isInstanceOfSatisfying(
              Receivers.Unreadable.class,
              unreadable ->
                  assertThat(unreadable.reason())
                      .startsWith("ENCRYPTION_KEY differs: ")
                      .contains(vault.firstKeyId())
                      .doesNotContain("topsecret", KEY.secret()));
    }

    @Test
    void sinceItsSecretWasAlteredIsUnreadable() {
      made("crm");
      database
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "UPDATE endpoint_key SET secret = set_byte(secret, octet_length(secret) - 1,"
                      + " (get_byte(secret, octet_length(secret) - 1) + 1) % 256)"));
      assertThat(receivers.find("crm"))
          .isInstanceOfSatisfying(
              Receivers.Unreadable.class,
              unreadable -> assertThat(unreadable.reason()).contains("was altered"));
    }

    @Test
    void sinceItHasNoKeyIsUnreadable() {
      made("crm");
      database.jdbi().useHandle(handle -> handle.execute("DELETE FROM endpoint_key"));
      assertThat(receivers.find("crm")).isInstanceOf(Receivers.Unreadable.class);
    }

    @Test
    void sinceTheDatabaseIsAwayIsUnreadableAndDoesNotSayWhereItIs() {
      Endpoints away =
          new Endpoints(
              Jdbi.create(() -> {
                throw new SQLException("no connection to 10.0.0.7");
              }),
              vault,
              clock);
      assertThat(new StoredReceivers(away, _ -> 0, clock).find("crm"))
          .isEqualTo(new Receivers.Unreadable("the database does not tell where the endpoint is"));
    }
  }

  private Endpoint made(String name) {
    EndpointChange change = endpoints.create(EndpointSettings.of(name, URL), KEY, null);
    return ((EndpointChange.Done) change).endpoint();
  }

  private Receiver receiver(@Nullable String destination) {
    return (Receiver) receivers.find(destination);
  }

  private Jdbi counted(Database counted) {
    return Jdbi.create(counted.dataSource())
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.incrementAndGet();
              }
            });
  }
}
