package dev.carillon.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.UnreadableSchedule;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.http.ProblemException;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.time.TimeZones;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ScheduleRefsTest {

  private final EmbeddedDatabase postgres = EmbeddedDatabase.forTests();
  private final Database database = Database.open(Database.Address.of(postgres.create("refs")));
  private final ScheduleRefs refs =
      new ScheduleRefs(
          new Schedules(
              database.jdbi(), new Planner(TimeZones.ofJvm()), InstantSource.system(), _ -> {}));

  ScheduleRefsTest() {
    database.migrate();
  }

  @AfterEach
  void close() {
    database.close();
    postgres.close();
  }

  @Test
  void oneThatThisProcessCannotReadIsAConflictAndNoFault() {
    Schedule schedule = ScheduleRefs.done(refs.schedules().create(daily()));
    assertThat(refs.known("daily", null)).isEqualTo(schedule);
    database
        .jdbi()
        .useHandle(handle -> handle.execute("UPDATE schedule SET zone = 'Mars/Olympus'"));

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> refs.known("daily", null))
        .satisfies(e -> {
          assertThat(e.problem().status()).isEqualTo(409);
          assertThat(e.problem().detail()).endsWith("Unknown time-zone ID: Mars/Olympus");
        });
    assertThatExceptionOfType(UnreadableSchedule.class)
        .isThrownBy(() -> refs.found(schedule.id().toString(), null));
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> refs.found("unknown", null))
        .satisfies(e -> assertThat(e.problem().status()).isEqualTo(404));
  }

  private static Definition daily() {
    Expression expression =
        switch (Expression.parse("rate(1 day)")) {
          case Parsed.Valid(Expression read) -> read;
          case Parsed.Invalid(String error, int _) -> throw new AssertionError(error);
        };
    return Definition.of(
        "daily",
        Timing.of(expression, ZoneOffset.UTC),
        new TargetChoice("test", JsonNodeFactory.instance.objectNode(), null));
  }
}
