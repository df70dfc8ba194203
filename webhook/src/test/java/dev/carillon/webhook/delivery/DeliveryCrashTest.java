package dev.carillon.webhook.delivery;

import static dev.carillon.webhook.delivery.DelivererMain.IN_FLIGHT_AT_MOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.testkit.Events;
import dev.carillon.testkit.JavaProcess;
import dev.carillon.testkit.Patience;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.Tally;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.sign.SigningKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes, really killed, that deliver to a receiver in this one. */
@Timeout(300)
class DeliveryCrashTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int EVENTS = 2_000;

  private final Database database = DeliveryDatabase.emptied();
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
    receiver.close();
  }

  @Test
  void whatWasTakenButNotSettledComesAgainUnderTheSameId() throws Exception {
    Set<String> ids = planned(IN_FLIGHT_AT_MOST);
    try (Handle held = database.jdbi().open()) {
      held.begin();
      // The deliveries can be claimed but not be settled: claims are deleted to settle them.
      held.execute(
          """
          CREATE FUNCTION unsettled() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN OLD; END $$;
          CREATE TRIGGER unsettled BEFORE DELETE ON event_claim
            FOR EACH ROW EXECUTE FUNCTION unsettled()
          """);
      held.commit();
      held.begin();
      held.execute("SELECT pg_advisory_xact_lock(1)");
      Process first = deliverer();
      Patience.until(PATIENCE, () -> receiver.count() == IN_FLIGHT_AT_MOST);
      JavaProcess.kill(first);
      held.rollback();
    } finally {
      database.jdbi().useHandle(h -> h.execute("DROP FUNCTION IF EXISTS unsettled CASCADE"));
    }
    assertThat(receiver.tallies().values()).containsOnly(new Tally(1, 1));
    assertThat(count("SELECT count(*) FROM event_claim")).isEqualTo(IN_FLIGHT_AT_MOST);

    deliverer();
    Patience.until(PATIENCE, () -> completed() == IN_FLIGHT_AT_MOST);

    assertThat(receiver.tallies().keySet()).isEqualTo(ids);
    assertThat(receiver.tallies().values()).containsOnly(new Tally(2, 2));
    assertThat(receiver.deliveries()).extracting(Delivery::signed).containsOnly(true);
    assertThat(receiver.deliveries())
        .filteredOn(delivery -> delivery.number() == 2)
        .extracting(delivery -> delivery.header("carillon-attempt"))
        .containsOnly("2");
    assertNothingIsLeft();
  }

  @Test
  void killedProcessesLoseNothingAndRepeatAtMostWhatWasInFlight() throws Exception {
    receiver.answer(_ -> Answer.accepted().withPace(new Pace.After(Duration.ofMillis(20))));
    Set<String> ids = planned(EVENTS);
    Process first = deliverer();
    Process second = deliverer();
    Patience.until(PATIENCE, () -> receiver.count() > EVENTS / 6);
    JavaProcess.kill(first);
    Process third = deliverer();
    Patience.until(PATIENCE, () -> receiver.count() > EVENTS / 2);
    JavaProcess.kill(second);
    JavaProcess.kill(third);
    int killed = 3;
    deliverer();

    Patience.until(PATIENCE, () -> completed() == EVENTS);

    assertThat(receiver.tallies().keySet()).isEqualTo(ids);
    assertThat(receiver.count() - EVENTS).isBetween(0, killed * IN_FLIGHT_AT_MOST);
    assertThat(receiver.deliveries()).extracting(Delivery::signed).containsOnly(true);
    assertNothingIsLeft();
  }

  /** Plans events that are due already; returns the ids that their messages will have. */
  private Set<String> planned(int count) {
    List<Event> events = Events.manyDueAt(Instant.EPOCH, count);
    store.plan(events);
    return events.stream()
        .map(event -> WebhookTarget.ID_PREFIX + event.id())
        .collect(Collectors.toSet());
  }

  private int completed() {
    return count("SELECT count(*) FROM event_history WHERE status = 'COMPLETED'");
  }

  private void assertNothingIsLeft() {
    assertThat(count("SELECT count(*) FROM event")).isZero();
    assertThat(count("SELECT count(*) FROM event_due")).isZero();
    assertThat(count("SELECT count(*) FROM event_claim")).isZero();
    assertThat(count("SELECT count(*) FROM dead_letter")).isZero();
  }

  private int count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
  }

  private Process deliverer() throws IOException {
    Process process =
        JavaProcess.start(
            DelivererMain.class, DeliveryDatabase.url(), receiver.url().toString(), KEY.secret());
    processes.add(process);
    return process;
  }
}
