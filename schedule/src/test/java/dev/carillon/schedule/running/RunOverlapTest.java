package dev.carillon.schedule.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.planning.Backfill;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.target.Outcome;
import dev.carillon.testkit.Patience;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Ten runs of one schedule that are due within a minute and planned at once, and two engines that
 * want them.
 */
class RunOverlapTest {

  private static final int RUNS = 10;
  private static final Duration WORK = Duration.ofMillis(150);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String DONE_BACKFILL =
      "status = 'COMPLETED' AND delivery_payload ->> 'kind' = 'BACKFILL'";
  private static final Duration APART = Duration.ofSeconds(5);

  private final Database database = TestDatabases.migrated();
  private final InstantSource clock = InstantSource.system();
  // All ten have come by now, and none is so late that it is a misfire.
  private final Instant from =
      clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(APART.multipliedBy(RUNS));
  private final Schedules schedules =
      new Schedules(database.jdbi(), new Planner(TimeZones.ofJvm()), clock, _ -> {});
  private final TestTarget target = new TestTarget();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final List<Engine> engines = new ArrayList<>();
  private final Upkeep upkeep =
      new Upkeep(
          database.jdbi(), schedules, clock, due -> engines.forEach(engine -> engine.hint(due)));

  @AfterEach
  void close() {
    upkeep.close();
    engines.forEach(Engine::close);
    database.close();
  }

  @Test
  void allowRunsAllBesideEachOther() {
    Schedule schedule = runTen(RunOverlap.ALLOW);

    assertThat(completed()).isEqualTo(RUNS);
    assertThat(mostAtOnce.get()).isGreaterThan(1);
    assertThat(missed(schedule)).isZero();
  }

  @Test
  void skipRunsNoneBesideAnotherAndNotesThoseThatWereNotRun() {
    Schedule schedule = runTen(RunOverlap.SKIP);

    assertThat(mostAtOnce.get()).isEqualTo(1);
    assertThat(completed()).isBetween(1, RUNS - 1);
    assertThat(completed() + cancelled("has not ended")).isEqualTo(RUNS);
    assertThat(missed(schedule)).isEqualTo(RUNS - completed());
    assertThat(target.nominal().getFirst()).isEqualTo(from);
  }

  @Test
  void bufferAllRunsAllOneAfterAnotherInTheirOrder() {
    Schedule schedule = runTen(RunOverlap.BUFFER_ALL);

    assertThat(mostAtOnce.get()).isEqualTo(1);
    assertThat(completed()).isEqualTo(RUNS);
    assertThat(target.nominal()).hasSize(RUNS).isSorted().doesNotHaveDuplicates();
    assertThat(missed(schedule)).isZero();
  }

  @Test
  void bufferOneLetsOneWaitAndNotesTheOthers() {
    Schedule schedule = runTen(RunOverlap.BUFFER_ONE);

    assertThat(mostAtOnce.get()).isEqualTo(1);
    assertThat(target.nominal()).startsWith(from, from.plus(APART)).isSorted();
    assertThat(completed()).isBetween(2, RUNS - 1);
    assertThat(completed() + cancelled("another one waits")).isEqualTo(RUNS);
    assertThat(missed(schedule)).isEqualTo(RUNS - completed());
  }

  @Test
  void cancelOtherLetsTheLastOneWin() {
    runTen(RunOverlap.CANCEL_OTHER);

    assertThat(completed() + cancelled("took its place")).isEqualTo(RUNS);
    assertThat(
            count(
                "SELECT count(*) FROM event_history WHERE status = 'COMPLETED'"
                    + " AND delivery_payload ->> 'nominal_at' = '"
                    + last()
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void whatABackfillMakesDueAtOnceIsRunOneAfterAnotherWhateverThePolicy() {
    Schedule schedule = tenOf(RunOverlap.SKIP);
    assertThat(schedules.backfill(schedule.id(), from, last()))
        .isEqualTo(new Backfill.Planned(RUNS));

    runAll();

    assertThat(mostAtOnce.get()).isEqualTo(1);
    assertThat(count("SELECT count(*) FROM event_history WHERE " + DONE_BACKFILL)).isEqualTo(RUNS);
  }

  private Schedule runTen(RunOverlap policy) {
    Schedule schedule = tenOf(policy);
    new PlannerLoop(database.jdbi(), new Planner(TimeZones.ofJvm()), clock, _ -> {}).planDue();
    runAll();
    return schedule;
  }

  private Schedule tenOf(RunOverlap policy) {
    target.does(_ -> {
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      LockSupport.parkNanos(WORK.toNanos());
      atOnce.decrementAndGet();
      return new Outcome.Succeeded();
    });
    Timing timing =
        Timing.of(Definitions.expression("rate(5 seconds)"), ZoneOffset.UTC).between(from, last());
    Schedules before =
        new Schedules(
            database.jdbi(), new Planner(TimeZones.ofJvm()), () -> from.minus(APART), _ -> {});
    return Rig.done(
        before.create(Definitions.of("s", timing).with(Policies.DEFAULT.withRunOverlap(policy))));
  }

  private Instant last() {
    return from.plus(APART.multipliedBy(RUNS - 1));
  }

  private void runAll() {
    upkeep.start();
    start();
    start();
    Patience.until(PATIENCE, () -> count("SELECT count(*) FROM event") == 0);
  }

  private void start() {
    ScheduleRuns runs =
        new ScheduleRuns(database.jdbi(), List.of(target), Inputs.VERBATIM, upkeep::kick);
    Engine engine =
        new Engine(
            new Engine.Parts(
                EngineConfig.of("test").withClaims(3, 100),
                new PostgresEventStore(database.jdbi()),
                new EventTypes(List.of(new EventTypes.Registration(new ScheduleEventType(), runs))),
                clock,
                EngineListener.NONE));
    engines.add(engine);
    engine.start();
  }

  private int completed() {
    return count("SELECT count(*) FROM event_history WHERE status = 'COMPLETED'");
  }

  private int cancelled(String reason) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM event_history WHERE status = 'CANCELLED'"
                        + " AND failure_reason LIKE :reason")
                .bind("reason", "%" + reason + "%")
                .mapTo(Integer.class)
                .one());
  }

  private long missed(Schedule schedule) {
    return database.jdbi().withHandle(handle -> Misses.count(handle, schedule.id()));
  }

  private int count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
  }
}
