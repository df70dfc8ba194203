package dev.carillon.schedule.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.testkit.Patience;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes that plan and run by the real clock, while people change the schedule. */
class LiveRacesTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int FIRINGS = 4;

  private final Database database = TestDatabases.migrated();
  private final InstantSource clock = InstantSource.system();
  private final Planner planner = new Planner(TimeZones.ofJvm());
  private final TestTarget target = new TestTarget();
  private final Schedules schedules = new Schedules(database.jdbi(), planner, clock, _ -> {});
  private final List<PlannerLoop> loops = new ArrayList<>();
  private final List<Engine> engines = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @AfterEach
  void close() {
    loops.forEach(PlannerLoop::close);
    engines.forEach(Engine::close);
    database.close();
  }

  @Test
  void editsRepeatNoRunAndLoseNone() throws Exception {
    Schedule schedule = started();

    race(() -> schedules.update(schedule.id(), schedule.definition(), null));

    List<Instant> fired = scheduled();
    assertThat(fired).doesNotHaveDuplicates();
    Instant first = fired.stream().min(Instant::compareTo).orElseThrow();
    Instant last = fired.stream().max(Instant::compareTo).orElseThrow();
    assertThat(fired)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(0, Duration.between(first, last).toSeconds())
                .mapToObj(first::plusSeconds)
                .toList());
  }

  @Test
  void pausesAndRunsByHandRepeatNoRun() throws Exception {
    Schedule schedule = started();

    race(() -> {
      schedules.pause(schedule.id(), "");
      schedules.resume(schedule.id());
      return schedules.runNow(schedule.id());
    });

    assertThat(scheduled()).doesNotHaveDuplicates();
    assertThat(target.begun()).extracting(TestTarget.Begun::attempt).containsOnly(1);
  }

  private Schedule started() {
    for (int i = 0; i < 2; i++) {
      Engine engine = engine();
      engine.start();
      engines.add(engine);
      PlannerLoop loop = new PlannerLoop(database.jdbi(), planner, clock, engine::hint);
      loop.start();
      loops.add(loop);
    }
    return Rig.done(schedules.create(Definitions.of("often", "rate(1 second)")));
  }

  /** Until so many have fired meanwhile, and then two more. */
  private void race(Callable<?> change) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        running.add(
            threads.submit(() -> {
              while (!over.get()) {
                change.call();
              }
              return null;
            }));
      }
      try {
        Patience.until(PATIENCE, () -> scheduled().size() >= FIRINGS);
      } finally {
        over.set(true);
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    int before = scheduled().size();
    Patience.until(PATIENCE, () -> scheduled().size() >= before + 2);
    loops.forEach(PlannerLoop::close);
    Patience.until(
        PATIENCE,
        () ->
            database
                    .jdbi()
                    .withHandle(handle ->
                        handle.createQuery("SELECT count(*) FROM event").mapTo(Integer.class).one())
                == 0);
  }

  private List<Instant> scheduled() {
    return target.begun().stream()
        .filter(begun -> begun.kind() == FiringKind.SCHEDULED)
        .map(TestTarget.Begun::nominal)
        .toList();
  }

  private Engine engine() {
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
