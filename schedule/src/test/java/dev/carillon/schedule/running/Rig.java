package dev.carillon.schedule.running;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.planning.Change;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A process on a database of its own, driven by hand with a clock that is set. */
final class Rig implements AutoCloseable {

  static final Instant START = Instant.parse("2026-03-10T12:00:00Z");

  final Database database = TestDatabases.migrated();
  final SettableClock clock = new SettableClock(START);
  final TestTarget target = new TestTarget();
  final TestTarget other = new TestTarget("other");
  final Planner planner = new Planner(TimeZones.ofJvm());
  final Schedules schedules = new Schedules(database.jdbi(), planner, clock, _ -> {});
  final PlannerLoop loop = new PlannerLoop(database.jdbi(), planner, clock, _ -> {});
  final Upkeep upkeep = new Upkeep(database.jdbi(), schedules, clock, _ -> {});
  final Engine engine =
      new Engine(
          new Engine.Parts(
              EngineConfig.of("test").withClaims(100, 500),
              new PostgresEventStore(database.jdbi()),
              new EventTypes(
                  List.of(
                      new EventTypes.Registration(
                          new ScheduleEventType(),
                          new ScheduleRuns(
                              database.jdbi(),
                              List.of(target, other),
                              Inputs.VERBATIM,
                              () -> {})))),
              clock,
              EngineListener.NONE));

  /** Creates a schedule that is known to be good. */
  Schedule create(Definition definition) {
    return done(schedules.create(definition));
  }

  static Schedule done(Change change) {
    return switch (change) {
      case Change.Done(Schedule schedule, _) -> schedule;
      case Change.NotFound _, Change.NameTaken _, Change.UnknownCalendar _, Change.Conflict _ ->
          throw new AssertionError(change.toString());
    };
  }

  /** Plans and performs what is due now. */
  void step() throws InterruptedException {
    loop.planDue();
    engine.drain();
    upkeep.look();
    engine.drain();
  }

  /** Lives through a time in steps. */
  void live(Duration time, Duration step) throws InterruptedException {
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      clock.advance(step);
      step();
    }
  }

  /** Lives through a time while nobody is up. */
  void sleep(Duration time) {
    clock.advance(time);
  }

  List<Miss> misses(Schedule schedule) {
    return database
        .jdbi()
        .withHandle(handle -> Misses.list(handle, schedule.id(), null, Misses.MAX_PAGE));
  }

  int count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
  }

  Schedule find(UUID id) {
    return schedules.find(id).orElseThrow();
  }

  @Override
  public void close() {
    engine.close();
    database.close();
  }
}
