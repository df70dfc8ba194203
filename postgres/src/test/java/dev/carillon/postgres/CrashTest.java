package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.testkit.Events;
import dev.carillon.testkit.JavaProcess;
import dev.carillon.testkit.Patience;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real processes, really killed. */
class CrashTest {

  private static final int EVENTS = 3_000;
  private static final int IN_FLIGHT_AT_MOST = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Database database = TestDatabases.migrated(TestDatabases.newestServer());
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
    database.close();
  }

  @Test
  void killedProcessesLoseNothingAndRepeatAtMostWhatWasInFlight() throws Exception {
    createPerformed();
    List<Event> events = Events.manyDueAt(Instant.EPOCH, EVENTS);
    events.stream().forEach(event -> store.plan(List.of(event)));
    Process first = worker();
    Process second = worker();
    await(() -> performed() > EVENTS / 6);
    JavaProcess.kill(first);
    Process third = worker();
    await(() -> performed() > EVENTS / 2);
    JavaProcess.kill(second);
    JavaProcess.kill(third);
    int killed = 3;
    worker();

    await(() -> count("SELECT count(*) FROM event_history WHERE status = 'COMPLETED'") == EVENTS);

    assertThat(count("SELECT count(DISTINCT event_id) FROM performed")).isEqualTo(EVENTS);
    assertThat(performed() - EVENTS).isLessThanOrEqualTo(killed * IN_FLIGHT_AT_MOST);
    assertThat(count("SELECT count(*) FROM event")).isZero();
    assertThat(count("SELECT count(*) FROM event_due")).isZero();
    assertThat(count("SELECT count(*) FROM event_claim")).isZero();
    assertThat(count("SELECT count(*) FROM dead_letter")).isZero();
  }

  private void createPerformed() {
    database
        .jdbi()
        .useHandle(
            handle -> handle.execute("CREATE TABLE performed (event_id uuid, attempt integer)"));
  }

  private int performed() {
    return count("SELECT count(*) FROM performed");
  }

  private int count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
  }

  private Process worker() throws IOException {
    Process process = JavaProcess.start(WorkerMain.class, url());
    processes.add(process);
    return process;
  }

  private String url() {
    return database
        .jdbi()
        .withHandle(handle ->
            TestDatabases.newestServer()
                .jdbcUrl(
                    handle.createQuery("SELECT current_database()").mapTo(String.class).one()));
  }

  private static void await(BooleanSupplier condition) {
    Patience.until(PATIENCE, condition);
  }
}
