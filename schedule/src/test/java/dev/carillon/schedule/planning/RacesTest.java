package dev.carillon.schedule.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Planners and people who change schedules, all at once. */
class RacesTest {

  private static final Instant START = Instant.parse("2026-03-10T12:00:00Z");
  private static final int SECONDS = 60;
  private static final int STEPS_PER_SECOND = 4;
  private static final String FIRED =
      "SELECT (delivery_payload ->> 'nominal_at') FROM events WHERE status <> 'CANCELLED' ORDER BY 1";

  private final Database database = TestDatabases.migrated();
  private final SettableClock clock = new SettableClock(START);
  private final Planner planner = new Planner(TimeZones.ofJvm());
  private final Schedules schedules = new Schedules(database.jdbi(), planner, clock, _ -> {});
  private final AtomicBoolean over = new AtomicBoolean();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whoeverEditsWhileOthersPlanRepeatsNothingAndLosesNothing() throws Exception {
    Schedule schedule = create();

    race(() -> schedules.update(schedule.id(), schedule.definition(), null));

    List<Instant> fired = fired();
    assertThat(fired).doesNotHaveDuplicates();
    for (int second = 0; second <= SECONDS; second++) {
      assertThat(fired).contains(START.plusSeconds(second));
    }
  }

  @Test
  void whoeverPausesAndResumesWhileOthersPlanRepeatsNothing() throws Exception {
    Schedule schedule = create();

    race(() -> {
      schedules.pause(schedule.id(), "");
      return schedules.resume(schedule.id());
    });

    assertThat(fired()).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void whoeverDeletesWhileOthersPlanLeavesNothingBehind() throws Exception {
    Queue<Schedule> waiting = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(create("often" + i));
    }

    race(() -> {
      Schedule one = waiting.poll();
      if (one != null) {
        schedules.runNow(one.id());
        schedules.delete(one.id());
        schedules.runNow(one.id());
      }
      return new Change.NotFound();
    });

    assertThat(waiting).as("those that time was too short for").hasSizeLessThan(15);
    waiting.forEach(one -> schedules.delete(one.id()));
    for (String table :
        List.of("event", "event_due", "schedule", "schedule_due", "schedule_miss")) {
      assertThat(count(table)).as(table).isZero();
    }
    assertThat(count("event_history")).isGreaterThan(20);
  }

  private Schedule create() {
    return create("often");
  }

  private int count(String table) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT count(*) FROM <table>")
                .define("table", table)
                .mapTo(Integer.class)
                .one());
  }

  private Schedule create(String name) {
    return switch (schedules.create(Definitions.of(name, "rate(1 second)"))) {
      case Change.Done(Schedule schedule, _) -> schedule;
      case Change.NotFound _, Change.NameTaken _, Change.UnknownCalendar _, Change.Conflict _ ->
          throw new AssertionError("not created");
    };
  }

  private void race(Callable<Change> edit) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        PlannerLoop loop = new PlannerLoop(database.jdbi(), planner, clock, _ -> {});
        running.add(threads.submit(() -> untilOver(loop::planDue)));
      }
      for (int i = 0; i < 2; i++) {
        running.add(threads.submit(() -> untilOver(edit)));
      }
      PlannerLoop pace = new PlannerLoop(database.jdbi(), planner, clock, _ -> {});
      for (int i = 0; i < SECONDS * STEPS_PER_SECOND; i++) {
        clock.advance(Duration.ofSeconds(1).dividedBy(STEPS_PER_SECOND));
        pace.planDue();
      }
      over.set(true);
      for (Future<?> one : running) {
        one.get();
      }
    }
    new PlannerLoop(database.jdbi(), planner, clock, _ -> {}).planDue();
  }

  private int untilOver(Callable<?> work) throws Exception {
    int times = 0;
    while (!over.get()) {
      work.call();
      times++;
    }
    return times;
  }

  private List<Instant> fired() {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery(FIRED).mapTo(String.class).map(Instant::parse).list());
  }
}
