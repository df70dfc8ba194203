package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.history.Explanation;
import dev.carillon.schedule.history.Explanation.Cause;
import dev.carillon.schedule.history.History;
import dev.carillon.schedule.history.History.Which;
import dev.carillon.schedule.history.HistoryPage;
import dev.carillon.schedule.history.HistoryPage.Cursor;
import dev.carillon.schedule.history.HistoryPage.Missed;
import dev.carillon.schedule.history.HistoryPage.Ran;
import dev.carillon.schedule.history.PastRun;
import dev.carillon.schedule.history.Punctuality;
import dev.carillon.schedule.history.Situations;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Rig rig = new Rig();
  private final History history = new History(rig.database.jdbi());
  private final Calendars calendars = new Calendars(rig.database.jdbi(), rig.clock, () -> {});
  private final Situations situations =
      new Situations(rig.schedules, calendars, history, TimeZones.ofJvm());

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void runsAndMissesAreOneHistoryInPages() throws InterruptedException {
    Schedule schedule =
        rig.create(
            Definitions.of("hourly", "cron(0 * * * ? *)")
                .with(
                    Policies.DEFAULT.withMisfire(
                        MisfirePolicy.FIRE_ONCE, Duration.ofDays(1), 100)));
    rig.step();
    rig.sleep(Duration.ofHours(5).plusMinutes(30));
    rig.step();

    List<Instant> nominal = new ArrayList<>();
    Cursor from = Cursor.START;
    while (from != null) {
      HistoryPage page = history.page(schedule.id(), Which.ALL, from, 2);
      page.entries().forEach(entry -> nominal.add(nominal(entry)));
      from = page.next();
    }
    assertThat(nominal).containsExactly(hours(5), hours(4), hours(3), hours(2), hours(1), hours(0));
    assertThat(history.page(schedule.id(), Which.RUNS, Cursor.START, 10).entries()).hasSize(2);
    assertThat(history.page(schedule.id(), Which.MISSES, Cursor.START, 10).entries()).hasSize(4);
    assertThat(history.runs(schedule.id(), null, null, 10))
        .extracting(run -> run.order().kind())
        .containsExactly(FiringKind.CATCH_UP, FiringKind.SCHEDULED);
    assertThat(history.missedBetween(START, rig.clock.instant())).isEqualTo(4);
  }

  @Test
  void punctualityIsOfTheBeginOfTheFirstAttempts() throws InterruptedException {
    rig.target.does(run -> {
      Instant began = run.order().nominalAt().plusMillis(7);
      return run.attempt().number() == 1
          ? new Outcome.Retryable("busy", null, null, receipt(began))
          : new Outcome.Succeeded(receipt(rig.clock.instant()));
    });
    Schedule schedule = rig.create(Definitions.of("often", "rate(1 minute)"));
    rig.step();
    rig.schedules.runNow(schedule.id());
    rig.live(Duration.ofMinutes(10), Duration.ofSeconds(10));

    PastRun run =
        history.runs(schedule.id(), dev.carillon.event.EventStatus.COMPLETED, null, 1).getFirst();
    assertThat(run.lateness()).isEqualTo(Duration.ofMillis(7));
    Punctuality punctuality = history.punctuality(schedule.id());
    assertThat(punctuality.runs()).isBetween(9, 11);
    assertThat(punctuality.p50()).isEqualTo(Duration.ofMillis(7));
    assertThat(punctuality.max()).isEqualTo(Duration.ofMillis(7));
    assertThat(punctuality.missed()).isZero();
  }

  @Test
  void aScheduleThatNeverRanHasNoPunctuality() {
    Schedule schedule = rig.create(Definitions.of("later", "at(2027-01-01T00:00:00)"));

    assertThat(history.punctuality(schedule.id()))
        .isEqualTo(new Punctuality(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0));
    assertThat(explain(schedule).cause()).isEqualTo(Cause.NOT_DUE_YET);
  }

  @Test
  void aRunByHandMayBringAnInputOfItsOwn() throws InterruptedException {
    List<String> inputs = new ArrayList<>();
    rig.target.does(run -> {
      inputs.add(String.valueOf(run.input()));
      return new Outcome.Succeeded();
    });
    Schedule schedule = rig.create(Definitions.of("later", "at(2027-01-01T00:00:00)"));
    rig.schedules.runNow(schedule.id(), "{\"only\": 1}");
    rig.schedules.runNow(schedule.id());
    rig.step();

    assertThat(inputs).containsExactlyInAnyOrder("{\"only\": 1}", "null");
  }

  @Test
  void oneThatIsCreatedPausedFiresWhenItIsResumed() throws InterruptedException {
    Schedule schedule =
        Rig.done(rig.schedules.create(Definitions.of("often", "rate(1 minute)"), "not yet"));
    rig.live(Duration.ofMinutes(3), MINUTE);

    assertThat(rig.target.begun()).isEmpty();
    assertThat(explain(schedule).sentence()).endsWith(": not yet.");
    Rig.done(rig.schedules.resume(schedule.id()));
    rig.live(Duration.ofMinutes(2), MINUTE);
    assertThat(rig.target.begun()).isNotEmpty();
    assertThat(rig.find(schedule.id()).standing().state()).isEqualTo(ScheduleState.ENABLED);
    assertThat(explain(rig.find(schedule.id())).cause()).isEqualTo(Cause.NONE);
  }

  @Test
  void aDateOfACalendarIsToldAsTheReason() throws InterruptedException {
    calendars.put("holidays", Set.of(LocalDate.parse("2026-03-11")), null);
    Definition daily = Definitions.of("daily", "cron(0 9 * * ? *)");
    Schedule schedule = rig.create(daily.with(daily.timing().without(List.of("holidays"))));
    rig.live(Duration.ofHours(24), Duration.ofHours(1));

    assertThat(explain(schedule).cause()).isEqualTo(Cause.LEFT_OUT);
    assertThat(explain(schedule).sentence())
        .startsWith(
            "Its time 2026-03-11T09:00 in UTC was left out: 2026-03-11 is in the calendar holidays.");
  }

  @Test
  void howeverManyTimesAreLookedAtTheCalendarsAreReadOnce() {
    calendars.put("holidays", Set.of(LocalDate.parse("2027-01-01")), null);
    Definition minutely = Definitions.of("minutely", "cron(* * * * ? *)");
    Schedule schedule = rig.create(minutely.with(minutely.timing().without(List.of("holidays"))));
    rig.sleep(Duration.ofHours(12));
    AtomicInteger statements = new AtomicInteger();
    rig.database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.incrementAndGet();
              }
            });

    explain(schedule);

    assertThat(statements).hasValueLessThan(10);
  }

  @Test
  void aTimeThatTheClocksSkipIsToldAsTheReason() throws InterruptedException {
    Definition daily = Definitions.of("daily", "cron(30 2 * * ? *)", "Europe/Berlin");
    Schedule schedule = rig.create(daily);
    rig.clock.advance(Duration.between(START, Instant.parse("2026-03-28T01:00:00Z")));
    rig.step();
    rig.live(Duration.ofHours(30), Duration.ofMinutes(30));

    assertThat(explain(schedule).sentence())
        .startsWith("Its time 2026-03-29T02:30 in Europe/Berlin was left out: the clocks skip it");
  }

  @Test
  void anExcludedDateIsToldAsTheReason() throws InterruptedException {
    Definition daily = Definitions.of("daily", "cron(0 9 * * ? *)");
    Timing timing = daily.timing();
    Timing without =
        new Timing(
            timing.expression(),
            timing.zone(),
            timing.gap(),
            timing.overlap(),
            null,
            null,
            Set.of(LocalDate.parse("2026-03-11")),
            List.of());
    Schedule schedule = rig.create(daily.with(without));
    rig.live(Duration.ofHours(24), Duration.ofHours(1));

    assertThat(explain(schedule).sentence()).contains("2026-03-11 is one of its excluded dates");
  }

  @Test
  void aFailureIsToldAsTheReason() throws InterruptedException {
    rig.target.does(_ -> new Outcome.Rejected("HTTP 400"));
    Schedule schedule = rig.create(Definitions.of("often", "rate(1 hour)"));
    rig.live(MINUTE, Duration.ofSeconds(10));

    assertThat(explain(schedule).cause()).isEqualTo(Cause.FAILED);
    assertThat(explain(schedule).sentence()).contains("after 1 attempt: HTTP 400.");
  }

  private Explanation explain(Schedule schedule) {
    return Explanation.of(situations.of(schedule, null, rig.clock.instant()));
  }

  private static Receipt receipt(Instant began) {
    return new Receipt(new UUID(1, 1), began, "{}");
  }

  private static Instant hours(int count) {
    return START.plus(Duration.ofHours(count));
  }

  private static Instant nominal(HistoryPage.Entry entry) {
    return switch (entry) {
      case Ran(PastRun run) -> run.order().nominalAt();
      case Missed(Miss miss) -> miss.nominalAt();
    };
  }
}
