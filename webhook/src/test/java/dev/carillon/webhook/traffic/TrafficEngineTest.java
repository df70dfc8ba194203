package dev.carillon.webhook.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.engine.EngineConfig;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import dev.carillon.testkit.Patience;
import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.traffic.Gate.Admission.Admitted;
import dev.carillon.webhook.traffic.Gate.Admission.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines whose target asks the gate, on a real database. */
@Timeout(180)
class TrafficEngineTest {

  private static final Duration LONG = Duration.ofSeconds(90);
  private static final EngineConfig CONFIG = EngineConfig.of("test");

  private final TrafficDatabase database = new TrafficDatabase();
  private final Receivers receivers = new Receivers();

  @AfterEach
  void close() {
    receivers.hanging.values().forEach(CountDownLatch::countDown);
    database.close();
  }

  @Test
  void threeThousandEventsOfANarrowEndpointAreAllDoneOnceWithFewClaims() {
    Traffic.Rate rate = new Traffic.Rate(500, 500);
    UUID endpoint = database.endpoint(5, rate, false);
    for (int i = 0; i < 3; i++) {
      database.plan(endpoint, 1_000);
    }
    TrafficProcess one = started(CONFIG);
    TrafficProcess two = started(CONFIG);

    Patience.until(LONG, () -> done() == 3_000);

    assertThat(receivers.attempts).hasSize(3_000).allSatisfy((_, n) -> assertThat(n).hasValue(1));
    assertThat(receivers.most.get()).isLessThanOrEqualTo(5);
    assertThat(database.count("SELECT count(*) FROM event")).isZero();
    assertThat(database.count("SELECT sum(version)::integer FROM event_history"))
        .as("claims")
        .isLessThan(3 * 3_000);
    assertThat(one.statements.get() + two.statements.get()).as("statements").isLessThan(3 * 3_000);
  }

  @Test
  void oneEndpointThatHangsDoesNotKeepNineOthersWaiting() {
    UUID hanging = database.endpoint(20);
    receivers.hanging.put(hanging, new CountDownLatch(1));
    database.plan(hanging, 2_500);
    for (int i = 0; i < 9; i++) {
      database.plan(database.endpoint(20), 200);
    }
    TrafficProcess process = started(CONFIG.withClaims(50, 400));

    Patience.until(LONG, () -> done() == 1_800);

    assertThat(receivers.attempts).as("and 20 that hang").hasSizeBetween(1_800, 1_820);
    receivers.hanging.get(hanging).countDown();
    Patience.until(LONG, () -> done() == 4_300);
    assertThat(process.table.breakers(receivers.hanging.keySet())).containsKey(hanging);
  }

  @Test
  void heldEventsAreNotOvertakenForEverByWhatIsDue() {
    UUID narrow = database.endpoint(1);
    UUID busy = database.endpoint(100);
    receivers.hanging.put(narrow, new CountDownLatch(1));
    database.plan(narrow, 50);
    started(CONFIG.withClaims(10, 20));
    Patience.until(LONG, () -> held(narrow) == 49);
    for (int i = 0; i < 10; i++) {
      database.plan(busy, 1_000);
    }
    receivers.hanging.get(narrow).countDown();

    Patience.until(
        LONG,
        () ->
            database.count("SELECT count(*) FROM event_history WHERE subject_id = ?", narrow)
                == 50);

    assertThat(database.count("SELECT count(*) FROM event_due WHERE due_at < now()"))
        .as("some of the busy one's still wait")
        .isPositive();
  }

  @Test
  void eventsOfADisabledEndpointWaitWithoutAStir() {
    UUID endpoint = database.endpoint(10);
    database.execute(
        "UPDATE endpoint SET disabled_at = now(), disabled_reason = 'test' WHERE id = ?", endpoint);
    database.plan(endpoint, 500);
    TrafficProcess process = started(CONFIG);
    Patience.until(LONG, () -> held(endpoint) == 500);
    int claims = database.count("SELECT sum(version)::integer FROM event_due");
    Patience.until(LONG, () -> process.control.revision(endpoint) == 0);
    int before = process.statements.get();
    Instant begin = Instant.now();

    Patience.until(LONG, () -> Instant.now().isAfter(begin.plusSeconds(3)));

    assertThat(process.statements.get() - before).isLessThan(40);
    assertThat(database.count("SELECT sum(version)::integer FROM event_due")).isEqualTo(claims);
    assertThat(claims).isLessThanOrEqualTo(1_000);
    database.execute("UPDATE endpoint SET disabled_at = NULL, disabled_reason = NULL");
    Patience.until(LONG, () -> done() == 500);
  }

  @Test
  void eventsThatWaitForAFullEndpointAreNotClaimedAndHeldAgainAndAgain() {
    UUID endpoint = database.endpoint(3);
    receivers.hanging.put(endpoint, new CountDownLatch(1));
    database.plan(endpoint, 300);
    started(CONFIG);
    started(CONFIG);
    Patience.until(LONG, () -> held(endpoint) >= 290);
    int before = database.count("SELECT sum(version)::integer FROM event_due");
    Instant begin = Instant.now();

    Patience.until(LONG, () -> Instant.now().isAfter(begin.plusSeconds(5)));

    assertThat(database.count("SELECT sum(version)::integer FROM event_due") - before)
        .isLessThan(60);
    receivers.hanging.get(endpoint).countDown();
    Patience.until(LONG, () -> done() == 300);
  }

  @Test
  void eventsOfADeletedEndpointLandNowhereAndTheLaneOfNowhereIsLeftAlone() {
    UUID endpoint = database.endpoint(3);
    receivers.hanging.put(endpoint, new CountDownLatch(1));
    database.plan(endpoint, 100);
    TrafficProcess process = started(CONFIG);
    Patience.until(LONG, () -> held(endpoint) >= 90);

    receivers.missing.put(endpoint, true);
    database.execute("DELETE FROM endpoint WHERE id = ?", endpoint);
    receivers.hanging.get(endpoint).countDown();

    Patience.until(LONG, () -> held(Gate.NOWHERE) + done() == 100);
    assertThat(held(endpoint)).isZero();
    int before = process.statements.get();
    Instant begin = Instant.now();
    Patience.until(LONG, () -> Instant.now().isAfter(begin.plusSeconds(3)));
    assertThat(process.statements.get() - before).isLessThan(60);
  }

  /** Runs of schedules wait there for each other: their endpoint is not missing, they have none. */
  @Test
  void whatWaitsInALaneThatItsOwnerReleasesIsLeftAloneWhileADeletedEndpointsLaneIsDissolved() {
    UUID deleted = database.endpoint(3);
    UUID owned = new UUID(deleted.getMostSignificantBits() | 0xF000_0000_0000_0000L, 1);
    database.plan(deleted, 20);
    database.plan(owned, 20);
    database.execute(
        "UPDATE event_due d SET due_at = 'infinity', lane = e.subject_id,"
            + " lane_position = e.target_timestamp_utc FROM event e WHERE e.id = d.event_id");
    database.execute("DELETE FROM endpoint WHERE id = ?", deleted);
    receivers.missing.put(deleted, true);
    TrafficProcess process = started(CONFIG);

    Patience.until(LONG, () -> held(Gate.NOWHERE) == 20);
    int before = process.statements.get();
    Instant begin = Instant.now();
    Patience.until(LONG, () -> Instant.now().isAfter(begin.plusSeconds(3)));

    assertThat(held(owned)).isEqualTo(20);
    assertThat(database.count("SELECT sum(version)::integer FROM event_due WHERE lane = ?", owned))
        .as("claims")
        .isZero();
    assertThat(process.statements.get() - before).isLessThan(60);
  }

  private TrafficProcess started(EngineConfig config) {
    TrafficProcess process = database.process();
    process.start(config, receivers.through(process.control));
    return process;
  }

  private int done() {
    return database.count("SELECT count(*) FROM event_history WHERE status = 'COMPLETED'");
  }

  private int held(UUID lane) {
    return database.count("SELECT count(*) FROM event_due WHERE lane = ?", lane);
  }

  /** What receives the events of all endpoints. */
  private static final class Receivers {

    private static final Duration WORK = Duration.ofMillis(2);

    final Map<UUID, AtomicInteger> attempts = new ConcurrentHashMap<>();
    final Map<UUID, CountDownLatch> hanging = new ConcurrentHashMap<>();
    final Map<UUID, Boolean> missing = new ConcurrentHashMap<>();
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger live = new AtomicInteger();

    Target through(Gate gate) {
      return attempt -> {
        UUID endpoint = attempt.event().subject();
        if (missing.containsKey(endpoint)) {
          return new Outcome.Held(Gate.NOWHERE, "there is no such endpoint");
        }
        return switch (gate.enter(endpoint)) {
          case Refused(String reason) -> new Outcome.Held(endpoint, reason);
          case Admitted admitted -> receive(attempt, admitted);
        };
      };
    }

    private Outcome receive(Attempt attempt, Admitted admitted) throws InterruptedException {
      most.accumulateAndGet(live.incrementAndGet(), Math::max);
      attempts.computeIfAbsent(attempt.event().id(), _ -> new AtomicInteger()).incrementAndGet();
      CountDownLatch latch = hanging.get(attempt.event().subject());
      if (latch == null) {
        LockSupport.parkNanos(WORK.toNanos());
      } else {
        latch.await();
      }
      live.decrementAndGet();
      admitted.left(new Result.Succeeded());
      return new Outcome.Succeeded();
    }
  }
}
