package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.UnreadableSchedule;
import dev.carillon.schedule.history.Explanation;
import dev.carillon.schedule.history.Explanation.Cause;
import dev.carillon.schedule.history.History;
import dev.carillon.schedule.history.Situations;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedules that this process cannot read or plan: others may. */
class UnreadableTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Rig rig = new Rig();
  private final Calendars calendars = new Calendars(rig.database.jdbi(), rig.clock, () -> {});
  private final History history = new History(rig.database.jdbi());

  @AfterEach
  void close() {
    rig.close();
  }

  private Schedule noon() {
    calendars.put("holidays", Set.of(), null);
    Definition noon = Definitions.of("noon", "cron(0 12 * * ? *)");
    return rig.create(noon.with(noon.timing().without(List.of("holidays"))));
  }

  private void move(Schedule schedule, String zone) {
    rig.database
        .jdbi()
        .useHandle(handle ->
            handle.execute("UPDATE schedule SET zone = ? WHERE id = ?", zone, schedule.id()));
  }

  @Test
  void whatIsDueIsNotLostByACalendarThatIsPutMeanwhile() throws InterruptedException {
    Schedule schedule = noon();
    move(schedule, "Mars/Olympus");
    rig.step();
    rig.clock.advance(Duration.ofSeconds(1));
    calendars.put("holidays", Set.of(LocalDate.parse("2026-12-25")), null);

    move(schedule, "UTC");
    rig.live(Duration.ofMinutes(2), Duration.ofSeconds(10));

    assertThat(rig.target.nominal()).containsExactly(START);
  }

  @Test
  void oneIsLookedAtOnceAMinuteAndAtOnceWhenItIsChanged() {
    Schedule schedule = noon();
    move(schedule, "Mars/Olympus");
    rig.loop.planDue();
    move(schedule, "UTC");
    rig.clock.advance(Duration.ofSeconds(50));
    assertThat(rig.loop.planDue()).isZero();
    rig.clock.advance(Duration.ofSeconds(10));
    assertThat(rig.loop.planDue()).isEqualTo(1);

    rig.clock.advance(Duration.ofDays(1).minus(MINUTE));
    move(schedule, "Mars/Olympus");
    rig.loop.planDue();
    move(schedule, "UTC");
    Rig.done(rig.schedules.update(schedule.id(), schedule.definition(), null));
    assertThat(rig.count("SELECT count(*) FROM event")).isEqualTo(2);
  }

  @Test
  void oneThatCannotBeReadIsExplained() {
    Schedule schedule = noon();
    move(schedule, "Mars/Olympus");
    rig.loop.planDue();
    rig.clock.advance(MINUTE);

    UnreadableSchedule unreadable =
        catchThrowableOfType(UnreadableSchedule.class, () -> rig.find(schedule.id()));

    assertThat(unreadable.id()).isEqualTo(schedule.id());
    assertThatExceptionOfType(UnreadableSchedule.class)
        .isThrownBy(() -> rig.schedules.find("default", "noon"));
    assertThat(situations(rig.schedules).of(unreadable, rig.clock.instant()))
        .isEqualTo(
            new Explanation(
                Cause.UNREADABLE,
                "This process cannot read it: Unknown time-zone ID: Mars/Olympus. It was due at"
                    + " 2026-03-10T12:00:00Z, and no other process has planned that yet."));
    rig.clock.set(START.minus(MINUTE));
    assertThat(situations(rig.schedules).of(unreadable, rig.clock.instant()).sentence())
        .endsWith("It is due next at 2026-03-10T12:00:00Z.");
  }

  @Test
  void oneThatCannotBePlannedIsExplained() {
    Schedule schedule = noon();
    Planner planner = new Planner(new Broken());
    try (PlannerLoop loop =
        new PlannerLoop(rig.database.jdbi(), planner, rig.clock, (Instant _) -> {})) {
      assertThat(loop.planDue()).isZero();
    }
    rig.clock.advance(MINUTE);
    Schedules broken = new Schedules(rig.database.jdbi(), planner, rig.clock, _ -> {});
    rig.database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "INSERT INTO process (id, name, lease_until)"
                    + " VALUES (gen_random_uuid(), 'one', now() + interval '1 day')"));

    assertThat(Explanation.of(situations(broken).of(schedule, null, rig.clock.instant())))
        .isEqualTo(
            new Explanation(
                Cause.NOT_PLANNED,
                "It was due at 2026-03-10T12:00:00Z, and no process has planned that yet: see"
                    + " their logs."));
  }

  private Situations situations(Schedules schedules) {
    return new Situations(schedules, calendars, history, TimeZones.ofJvm());
  }

  private record Broken() implements TimeZones {
    @Override
    public String version() {
      return "2026a";
    }

    @Override
    public ZoneRules rules(ZoneId zone) {
      throw new IllegalStateException("no rules");
    }
  }
}
