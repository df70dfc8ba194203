package dev.carillon.schedule.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The longest outages of the busiest schedules: whoever plans one holds others' locks meanwhile.
 */
class CostTest {

  private static final Instant NOW = Instant.parse("2026-07-10T12:00:00Z");
  private static final Planner PLANNER = new Planner(TimeZones.ofJvm());
  private static final Duration MOST = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate(1 second)                            | FIRE_ALL",
        "rrule(FREQ=SECONDLY)                      | FIRE_ALL",
        "rrule(FREQ=SECONDLY;COUNT=100000)         | FIRE_ALL",
        "rrule(FREQ=MINUTELY;COUNT=100000)         | FIRE_ALL",
        "rrule(FREQ=MINUTELY;COUNT=100000)         | SKIP",
        "rrule(FREQ=MINUTELY;BYSECOND=0,15,30,45)  | FIRE_ALL",
        "cron(* * * * ? *)                         | FIRE_ALL",
      })
  void theOutageOfAMonthIsPlannedInSeconds(String expression, MisfirePolicy misfire) {
    Definition definition =
        Definitions.of("busy", expression, "Europe/Paris")
            .with(Policies.DEFAULT.withMisfire(misfire, Duration.ofDays(30), 1_000));
    Instant created = NOW.minus(Duration.ofDays(31));
    Schedule schedule =
        new Schedule(
            UUID.randomUUID(),
            definition,
            new Schedule.Standing(ScheduleState.ENABLED, "", created),
            1,
            created,
            created,
            created);
    Due due = new Due(schedule.id(), null, created.plusSeconds(7_200), null);
    long begin = System.nanoTime();

    Plan plan = PLANNER.plan(schedule, due, Set.of(), Planner.Span.ahead(NOW));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(MOST);
    assertThat(plan.misses()).isNotEmpty();
  }
}
