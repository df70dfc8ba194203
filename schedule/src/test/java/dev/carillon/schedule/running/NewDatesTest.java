package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.schedule.CalendarFeeds;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Schedule;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedules of a calendar whose dates change. */
class NewDatesTest {

  private static final LocalDate TOMORROW = LocalDate.parse("2026-03-11");
  private static final String URL = "https://example.org/holidays.ics";

  private final Rig rig = new Rig();
  private final AtomicInteger changes = new AtomicInteger();
  private final Calendars calendars = new Calendars(rig.database.jdbi(), rig.clock, () -> {});
  private final CalendarFeeds feeds =
      new CalendarFeeds(rig.database.jdbi(), rig.clock, changes::incrementAndGet);

  @AfterEach
  void close() {
    rig.close();
  }

  private Schedule daily(String name, String time) {
    Definition daily = Definitions.of(name, "cron(" + time + " * * ? *)");
    return rig.create(daily.with(daily.timing().without(List.of("holidays"))));
  }

  private void make(int schedules) {
    rig.database
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              """
              CREATE TEMP TABLE more ON COMMIT PRESERVE ROWS AS
              SELECT gen_random_uuid() AS id, s.id AS model, n FROM schedule s, generate_series(1, ?) n
              """,
              schedules);
          handle.execute(
              """
              INSERT INTO schedule
              SELECT (jsonb_populate_record(s, jsonb_build_object('id', m.id, 'name', 'n' || m.n))).*
              FROM more m JOIN schedule s ON s.id = m.model
              """);
          handle.execute(
              """
              INSERT INTO schedule_due (schedule_id, next_at, next_local, planned_up_to, tzdb_version)
              SELECT m.id, d.next_at, d.next_local, d.planned_up_to, d.tzdb_version
              FROM more m JOIN schedule_due d ON d.schedule_id = m.model
              """);
        });
  }

  @Test
  void allOfManySchedulesAreLookedAtAgainAndWhatIsDueStaysDue() {
    calendars.put("holidays", Set.of(TOMORROW), null);
    daily("later", "0 9");
    make(1_200);
    Schedule due = daily("due", "0 12");
    rig.clock.advance(Duration.ofSeconds(1));

    calendars.put("holidays", Set.of(), null);

    assertThat(nextAt("2026-03-10T12:00:01Z")).isEqualTo(1_201);
    assertThat(nextAt(START.toString())).isEqualTo(1);
    assertThat(undone()).isZero();
    assertThat(rig.loop.planDue()).isEqualTo(1_202);
    assertThat(nextAt("2026-03-11T09:00:00Z")).isEqualTo(1_201);
    assertThat(rig.count("SELECT count(*) FROM event")).isEqualTo(1);
    assertThat(rig.misses(due)).isEmpty();
  }

  @Test
  void whatAProcessLeavesUndoneIsEndedByAnotherWithoutALoss() throws InterruptedException {
    calendars.put("holidays", Set.of(TOMORROW), null);
    daily("soon", "1 12");
    rig.clock.set(START.plus(Duration.ofDays(1)));
    rig.step();
    refuse("true");
    assertThatThrownBy(() -> calendars.put("holidays", Set.of(), null))
        .isInstanceOf(JdbiException.class);
    assertThat(undone()).isEqualTo(1);
    refuse("false");

    feeds.endLeft();
    assertThat(undone()).isEqualTo(1);
    rig.clock.advance(CalendarFeeds.CLAIM.plusSeconds(1));
    feeds.endLeft();
    rig.step();

    assertThat(undone()).isZero();
    assertThat(changes).hasValue(1);
    assertThat(rig.target.nominal())
        .containsExactly(START.plusSeconds(60), START.plus(Duration.ofDays(1)).plusSeconds(60));
    feeds.endLeft();
    assertThat(changes).hasValue(1);
  }

  @Test
  void datesThatWereFetchedAreLookedAtToo() {
    calendars.putFetched("holidays", Set.of(TOMORROW), "url", URL);
    daily("later", "0 9");
    make(600);
    rig.clock.advance(Duration.ofSeconds(1));

    feeds.fetched(feeds.claim("holidays").orElseThrow(), Set.of());

    assertThat(nextAt("2026-03-10T12:00:01Z")).isEqualTo(601);
    assertThat(undone()).isZero();
  }

  /** From now on the database changes no due row of a schedule, or does again. */
  private void refuse(String whether) {
    rig.database
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              """
              CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
              'BEGIN IF %s THEN RAISE ''out of order''; END IF; RETURN NEW; END'
              """
                  .formatted(whether));
          handle.execute(
              "CREATE OR REPLACE TRIGGER refused BEFORE UPDATE ON schedule_due"
                  + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        });
  }

  private int nextAt(String instant) {
    return rig.count("SELECT count(*) FROM schedule_due WHERE next_at = '%s'".formatted(instant));
  }

  private int undone() {
    return rig.count("SELECT count(*) FROM calendar WHERE look_since IS NOT NULL");
  }
}
