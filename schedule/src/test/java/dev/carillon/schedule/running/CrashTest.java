package dev.carillon.schedule.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.testkit.JavaProcess;
import dev.carillon.testkit.Patience;
import dev.carillon.time.TimeZones;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real processes that plan and run, really killed. */
class CrashTest {

  static final int IN_FLIGHT_AT_MOST = 100;

  /** Those that are performed, and those whose settlement is on its way. */
  private static final int UNSETTLED_AT_MOST = 2 * IN_FLIGHT_AT_MOST;

  private static final int SCHEDULES = 400;
  private static final int FIRINGS_EACH = 26;
  private static final int FIRINGS = SCHEDULES * FIRINGS_EACH;
  private static final Duration UNTIL_START = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final String url = TestDatabases.newUrl();
  private final Database database = TestDatabases.open(url);
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
    database.close();
  }

  @Test
  void killedPlannersFireEachNominalTimeOnceAndLoseNone() throws Exception {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "CREATE TABLE ran (schedule uuid, nominal timestamptz, run uuid, attempt integer)"));
    createSchedules();
    Process first = worker();
    Process second = worker();
    Patience.until(PATIENCE, () -> ran() > FIRINGS / 6);
    JavaProcess.kill(first);
    Process third = worker();
    Patience.until(PATIENCE, () -> ran() > FIRINGS / 2);
    JavaProcess.kill(second);
    JavaProcess.kill(third);
    int killed = 3;
    worker();
    worker();

    Patience.until(
        PATIENCE,
        () -> count("SELECT count(*) FROM event_history WHERE status = 'COMPLETED'") >= FIRINGS);

    assertThat(count("SELECT count(DISTINCT (schedule, nominal)) FROM ran")).isEqualTo(FIRINGS);
    assertThat(count("SELECT count(DISTINCT run) FROM ran")).isEqualTo(FIRINGS);
    assertThat(count("SELECT count(*) FROM event_history")).isEqualTo(FIRINGS);
    assertThat(ran() - FIRINGS).isLessThanOrEqualTo(killed * UNSETTLED_AT_MOST);
    assertThat(count("SELECT count(DISTINCT (run, attempt)) FROM ran")).isEqualTo(ran());
    assertThat(count("SELECT count(*) FROM schedule_miss")).isZero();
    assertThat(count("SELECT count(*) FROM event")).isZero();
    assertThat(count("SELECT count(*) FROM dead_letter")).isZero();
    assertThat(count("SELECT count(*) FROM schedule_due WHERE end_reason IS NULL")).isZero();
  }

  private void createSchedules() {
    Schedules schedules =
        new Schedules(
            database.jdbi(), new Planner(TimeZones.ofJvm()), InstantSource.system(), _ -> {});
    Instant start =
        InstantSource.system().instant().plus(UNTIL_START).truncatedTo(ChronoUnit.SECONDS);
    for (int i = 0; i < SCHEDULES; i++) {
      Definition often = Definitions.of("often-" + i, "rate(1 second)");
      Rig.done(
          schedules.create(
              often
                  .with(often.timing().between(start, start.plusSeconds(FIRINGS_EACH - 1L)))
                  .with(
                      Policies.DEFAULT.withMisfire(
                          MisfirePolicy.FIRE_ALL, Duration.ofDays(1), 1_000))));
    }
    assertThat(InstantSource.system().instant()).isBefore(start);
  }

  private int ran() {
    return count("SELECT count(*) FROM ran");
  }

  private int count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
  }

  private Process worker() throws IOException {
    Process process = JavaProcess.start(WorkerMain.class, url);
    processes.add(process);
    return process;
  }
}
