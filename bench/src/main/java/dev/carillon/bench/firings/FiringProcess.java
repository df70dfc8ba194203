package dev.carillon.bench.firings;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.schedule.running.Inputs;
import dev.carillon.schedule.running.ScheduleEventType;
import dev.carillon.schedule.running.ScheduleRuns;
import dev.carillon.schedule.running.Upkeep;
import dev.carillon.time.TimeZones;
import java.time.InstantSource;
import java.util.List;

/** Everything that fires schedules, wired as in the server, with a target that only counts. */
record FiringProcess(
    Database tables,
    Database own,
    Engine engine,
    PlannerLoop planner,
    Upkeep upkeep,
    CountingTarget target)
    implements AutoCloseable {

  // As in the server.
  private static final int ENGINE_POOL_SIZE = 7;

  /** Connects one process's worth of it, which does not begin yet. */
  static FiringProcess connect(BenchDatabase database) {
    Database tables = Database.open(Database.Address.of(database.jdbcUrl()));
    Database own = tables.another(ENGINE_POOL_SIZE);
    DatabaseClock clock = new DatabaseClock(own, InstantSource.system());
    clock.synchronize();
    CountingTarget target = new CountingTarget(clock);
    ScheduleRuns runs = new ScheduleRuns(tables.jdbi(), List.of(target), Inputs.VERBATIM, () -> {});
    Engine engine =
        new Engine(
            new Engine.Parts(
                EngineConfig.of("bench"),
                new PostgresEventStore(own.jdbi()),
                new EventTypes(List.of(new EventTypes.Registration(new ScheduleEventType(), runs))),
                clock,
                EngineListener.NONE));
    Planner planner = new Planner(TimeZones.ofJvm());
    PlannerLoop loop = new PlannerLoop(own.jdbi(), planner, clock, runs::planned, engine::hint);
    Schedules schedules = new Schedules(tables.jdbi(), planner, clock, _ -> loop.kick());
    Upkeep upkeep = new Upkeep(own.jdbi(), schedules, clock, engine::hint);
    return new FiringProcess(tables, own, engine, loop, upkeep, target);
  }

  /** Begins to plan and to fire. Returns at once. */
  void start() {
    engine.start();
    planner.start();
    upkeep.start();
  }

  @Override
  public void close() {
    planner.close();
    upkeep.close();
    engine.close();
    own.close();
    tables.close();
  }
}
