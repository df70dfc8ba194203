package dev.carillon.schedule.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.testkit.Patience;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All parts of a process, each on its own threads, by the real clock. */
class LiveTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void whatIsCreatedFiresByItselfInTheOrderOfItsTimes() {
    InstantSource clock = InstantSource.system();
    TestTarget target = new TestTarget();
    try (Database database = TestDatabases.migrated();
        Engine engine = engine(database, clock, target);
        PlannerLoop loop =
            new PlannerLoop(database.jdbi(), new Planner(TimeZones.ofJvm()), clock, engine::hint)) {
      Schedules schedules =
          new Schedules(database.jdbi(), new Planner(TimeZones.ofJvm()), clock, _ -> loop.kick());
      engine.start();
      loop.start();
      Instant before = clock.instant();

      Schedule schedule = Rig.done(schedules.create(Definitions.of("live", "rate(1 second)")));
      Patience.until(PATIENCE, () -> target.begun().size() >= 3);
      schedules.delete(schedule.id());

      assertThat(target.nominal()).isSorted().doesNotHaveDuplicates();
      assertThat(target.nominal().getFirst()).isAfterOrEqualTo(before);
      assertThat(schedules.list(ScheduleTable.Filter.ALL, null, 10)).isEmpty();
    }
  }

  private static Engine engine(Database database, InstantSource clock, TestTarget target) {
    ScheduleRuns runs =
        new ScheduleRuns(database.jdbi(), List.of(target), Inputs.VERBATIM, () -> {});
    return new Engine(
        new Engine.Parts(
            EngineConfig.of("test"),
            new PostgresEventStore(database.jdbi()),
            new EventTypes(List.of(new EventTypes.Registration(new ScheduleEventType(), runs))),
            clock,
            EngineListener.NONE));
  }
}
