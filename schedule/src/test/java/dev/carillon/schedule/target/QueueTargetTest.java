package dev.carillon.schedule.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.Runs;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.running.Run;
import dev.carillon.target.Outcome;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class QueueTargetTest {

  private static final String SETTINGS = "{\"queue\": \"work\"}";

  private final Database database = TestDatabases.migrated();
  private final QueueTarget target =
      new QueueTarget(database.jdbi(), new SettableClock(Runs.NOMINAL));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aRunIsOneMessageHoweverOftenItComes() throws Exception {
    Run run = Runs.of(SETTINGS, "{\"a\": 1}");

    assertThat(target.run(run)).isInstanceOf(Outcome.Succeeded.class);
    assertThat(target.run(Runs.again(run))).isInstanceOf(Outcome.Succeeded.class);
    assertThat(SqlTargetTest.count(database, "queue_message")).isEqualTo(1);
  }

  @Test
  void aMessageThatWasTakenDoesNotComeBack() throws Exception {
    Run run = Runs.of(SETTINGS, "{\"a\": 1}");
    target.run(run);

    assertThat(taken()).contains("{\"a\": 1}");
    target.run(Runs.again(run));
    assertThat(taken()).isEmpty();
  }

  @Test
  void messagesAreTakenInTheirOrderByWhoeverComes() throws Exception {
    target.run(Runs.of(SETTINGS, "1"));
    target.run(Runs.of("{\"queue\": \"other\"}", "2"));
    target.run(Runs.of(SETTINGS, "3"));

    try (Handle slow = database.jdbi().open()) {
      slow.begin();
      assertThat(take(slow)).contains("1");
      assertThat(taken()).contains("3");
      slow.rollback();
    }
    assertThat(taken()).contains("1");
    assertThat(taken()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {"price": 1.10, "tags": ["x"]} | {"tags": ["x"], "price": 1.10}
          Good morning                   | "Good morning"
          12345678901234567890.5         | 12345678901234567890.5
          """)
  void theMessageIsTheInput(String input, String payload) throws Exception {
    target.run(Runs.of(SETTINGS, input));

    assertThat(taken()).contains(payload);
  }

  @Test
  void withoutAnInputTheMessageSaysWhatFired() throws Exception {
    Run run = Runs.of(SETTINGS, null);
    target.run(run);

    JsonNode message = Runs.json(taken().orElseThrow());
    assertThat(message).isEqualTo(FiredMessage.of(run));
    assertThat(message.path("type").asText()).isEqualTo("schedule.fired");
    assertThat(message.path("data").path("run_id").asText())
        .isEqualTo("" + run.attempt().event().id());
  }

  @Test
  void whatNoTableKeepsIsRejected() throws Exception {
    assertThat(target.run(Runs.of(SETTINGS, "{\"a\": \"\\u0000\"}")))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class, never -> assertThat(never.reason()).contains("22P05"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"queue\": 1}", "{\"queue\": \"\"}", "{\"queue\": \"a b\"}"})
  void aQueueNeedsAName(String settings) throws Exception {
    assertThat(target.problem(Runs.json(settings)))
        .contains("queue must have from 1 to 64 letters, digits, -, _ and .");
    assertThat(target.run(Runs.of(settings, null))).isInstanceOf(Outcome.Rejected.class);
  }

  private Optional<String> taken() {
    return database.jdbi().withHandle(QueueTargetTest::take);
  }

  private static Optional<String> take(Handle handle) {
    return handle
        .createQuery(BookingTable.SQL.get("take"))
        .bind("queue", "work")
        .mapTo(String.class)
        .findOne();
  }
}
