package dev.carillon.schedule.running;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.target.Outcome;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A process of its own that plans and runs schedules: its target writes a row, which is what tests
 * count.
 */
public final class WorkerMain {

  private WorkerMain() {}

  private record Counting(Database database) implements ScheduleTarget {

    @Override
    public String kind() {
      return Definitions.KIND;
    }

    @Override
    public Optional<String> problem(JsonNode settings) {
      return Optional.empty();
    }

    @Override
    public Outcome run(Run run) {
      database
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "INSERT INTO ran (schedule, nominal, run, attempt) VALUES (?, ?, ?, ?)",
                  run.schedule().id(),
                  run.order().nominalAt(),
                  run.attempt().event().id(),
                  run.attempt().number()));
      return new Outcome.Succeeded();
    }
  }

  /** Runs until it is killed. The argument is the database's JDBC URL. */
  public static void main(String[] args) throws InterruptedException {
    Database database = Database.open(Database.Address.of(args[0]));
    InstantSource clock = InstantSource.system();
    ScheduleRuns runs =
        new ScheduleRuns(
            database.jdbi(), List.of(new Counting(database)), Inputs.VERBATIM, () -> {});
    EngineConfig config =
        EngineConfig.of("worker " + ProcessHandle.current().pid())
            .withPollInterval(Duration.ofMillis(100))
            .withClaims(50, CrashTest.IN_FLIGHT_AT_MOST);
    EventTypes types =
        new EventTypes(List.of(new EventTypes.Registration(new ScheduleEventType(), runs)));
    Engine engine =
        new Engine(
            new Engine.Parts(
                config,
                new PostgresEventStore(database.jdbi()),
                types,
                clock,
                EngineListener.NONE));
    engine.start();
    new PlannerLoop(database.jdbi(), new Planner(TimeZones.ofJvm()), clock, engine::hint).start();
    Thread.currentThread().join();
  }
}
