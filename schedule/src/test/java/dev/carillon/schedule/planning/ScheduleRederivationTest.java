package dev.carillon.schedule.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.engine.Rederivation;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresTimeZoneStore;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleRederivationTest {

  private static final Instant NOW = Instant.parse("2026-11-20T20:00:00Z");
  private static final ZoneId HAVANA = ZoneId.of("America/Havana");
  private static final List<ZoneId> ZONES = List.of(HAVANA, ZoneId.of("Europe/Paris"));

  /** A release in which Havana keeps its summer time, and nothing else differs. */
  private static final TimeZones NEWER =
      new TimeZones() {
        @Override
        public String version() {
          return "2099z";
        }

        @Override
        public ZoneRules rules(ZoneId zone) {
          return zone.equals(HAVANA) ? ZoneRules.of(ZoneOffset.ofHours(-4)) : zone.getRules();
        }
      };

  private final Database database = TestDatabases.migrated();
  private final SettableClock clock = new SettableClock(NOW);
  private final Planner older = new Planner(TimeZones.ofJvm());
  private final Planner newer = new Planner(NEWER);
  private final Schedules schedules = new Schedules(database.jdbi(), older, clock, _ -> {});

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void theNextFiringsOfZonesWhoseRulesChangedMoveAndNoOthers() {
    rederivation(TimeZones.ofJvm()).run(ZONES);
    UUID havana = create("havana", "cron(0 9 * * ? *)", "America/Havana");
    UUID paris = create("paris", "cron(0 9 * * ? *)", "Europe/Paris");
    UUID rate = create("rate", "rate(7 days)", "America/Havana");
    UUID paused = create("paused", "cron(0 9 * * ? *)", "America/Havana");
    schedules.pause(paused, "");
    Instant before = next(havana).instant();
    Occurrence parisBefore = next(paris);
    Occurrence rateBefore = next(rate);

    ScheduleRederivation rederivation =
        new ScheduleRederivation(database.jdbi(), newer, rederivation(NEWER));

    assertThat(rederivation.run()).isEqualTo(1);
    assertThat(rederivation.run()).isZero();
    assertThat(next(havana).instant()).isEqualTo(before.minus(Duration.ofHours(1)));
    assertThat(next(havana).local()).isEqualTo(LocalDateTime.parse("2026-11-21T09:00"));
    assertThat(next(havana).tzdbVersion()).isEqualTo("2099z");
    assertThat(next(paris)).isEqualTo(parisBefore);
    assertThat(next(rate).instant()).isEqualTo(rateBefore.instant());
    assertThat(schedules.due(paused).map(Due::next)).isEmpty();
  }

  @Test
  void aLocalTimeThatWasPlannedAndIsNowSaidToComeLaterIsNotPlannedAgain() {
    rederivation(NEWER).run(ZONES);
    Schedules ahead = new Schedules(database.jdbi(), older, clock, _ -> {});
    UUID havana = create("havana", "cron(0 9 * * ? *)", "America/Havana");
    clock.set(next(havana).instant());
    new PlannerLoop(database.jdbi(), older, clock, _ -> {}).planDue();
    TimeZones later = shifted(ZoneOffset.ofHours(-6));

    new ScheduleRederivation(database.jdbi(), new Planner(later), rederivation(later)).run();

    Occurrence next = ahead.due(havana).map(Due::next).orElseThrow();
    assertThat(next.local()).isEqualTo(LocalDateTime.parse("2026-11-22T09:00"));
    clock.advance(Duration.ofHours(2));
    new PlannerLoop(database.jdbi(), new Planner(later), clock, _ -> {}).planDue();
    int planned =
        database
            .jdbi()
            .withHandle(handle ->
                handle.createQuery("SELECT count(*) FROM event").mapTo(Integer.class).one());
    assertThat(planned).isEqualTo(1);
  }

  @Test
  void whatWasPlannedIsRememberedThroughEditsAndPauses() {
    rederivation(TimeZones.ofJvm()).run(ZONES);
    UUID edited = create("edited", "cron(0 9 * * ? *)", "America/Havana");
    UUID resumed = create("resumed", "cron(0 9 * * ? *)", "America/Havana");
    clock.set(next(edited).instant());
    new PlannerLoop(database.jdbi(), older, clock, _ -> {}).planDue();
    clock.advance(Duration.ofMinutes(10));
    schedules.update(
        edited, Definitions.of("renamed", "cron(0 9 * * ? *)", "America/Havana"), null);
    schedules.pause(resumed, "");
    TimeZones later = shifted(ZoneOffset.ofHours(-6));
    Planner newest = new Planner(later);

    new ScheduleRederivation(database.jdbi(), newest, rederivation(later)).run();
    new Schedules(database.jdbi(), newest, clock, _ -> {}).resume(resumed);

    LocalDateTime tomorrow = LocalDateTime.parse("2026-11-22T09:00");
    assertThat(next(edited).local()).isEqualTo(tomorrow);
    assertThat(next(resumed).local()).isEqualTo(tomorrow);
  }

  @Test
  void anotherRuleIsNotKeptFromALocalTimeThatTheOldOneHad() {
    UUID havana = create("havana", "cron(0 9 * * ? *)", "America/Havana");
    clock.set(next(havana).instant());
    new PlannerLoop(database.jdbi(), older, clock, _ -> {}).planDue();
    schedules.update(havana, Definitions.of("h", "cron(30 8 * * ? *)", "America/Havana"), null);
    TimeZones later = shifted(ZoneOffset.ofHours(-6));

    new ScheduleRederivation(database.jdbi(), new Planner(later), rederivation(later)).run();

    assertThat(next(havana).local()).isEqualTo(LocalDateTime.parse("2026-11-21T08:30"));
  }

  @Test
  void whatIsPlannedMovesNoMore() {
    rederivation(TimeZones.ofJvm()).run(ZONES);
    UUID havana = create("havana", "cron(0 9 * * ? *)", "America/Havana");
    schedules.backfill(havana, NOW.minus(Duration.ofDays(3)), NOW);
    clock.set(next(havana).instant());
    new PlannerLoop(database.jdbi(), older, clock, _ -> {}).planDue();

    assertThat(rederivation(NEWER).run(ZONES)).isZero();

    assertThat(count("SELECT count(*) FROM event")).isEqualTo(4);
    assertThat(count("SELECT count(*) FROM event_due WHERE due_at < '2026-11-20T20:00:00Z'"))
        .as("a backfill that comes at once")
        .isZero();
  }

  private int count(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  private static TimeZones shifted(ZoneOffset offset) {
    return new TimeZones() {
      @Override
      public String version() {
        return "2099z";
      }

      @Override
      public ZoneRules rules(ZoneId zone) {
        return zone.equals(HAVANA) ? ZoneRules.of(offset) : zone.getRules();
      }
    };
  }

  private Rederivation rederivation(TimeZones zones) {
    return new Rederivation(new PostgresTimeZoneStore(database.jdbi()), WallClock.keeping(zones));
  }

  private UUID create(String name, String expression, String zone) {
    return switch (schedules.create(Definitions.of(name, expression, zone))) {
      case Change.Done(var schedule, _) -> schedule.id();
      case Change.NotFound _, Change.NameTaken _, Change.UnknownCalendar _, Change.Conflict _ ->
          throw new AssertionError("not created");
    };
  }

  private Occurrence next(UUID id) {
    return schedules.due(id).map(Due::next).orElseThrow();
  }
}
