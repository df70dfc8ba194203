package dev.carillon.schedule.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Runs;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.running.Run;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SqlTargetTest {

  private static final SqlStatements STATEMENTS =
      SqlStatements.parse(
          """
          -- name: book
          INSERT INTO booking (account, amount, at, note)
          VALUES (:account, :amount, :scheduled_time, :note)
          -- name: read_all
          SELECT generate_series(1, :most::integer)
          -- name: sleep
          SELECT pg_sleep(:seconds::float8)
          -- name: own
          INSERT INTO booking (account, amount, at, note)
          VALUES (1, :attempt, :local_time, concat_ws(' ', :zone::text, :kind::text, :input::text))
          -- name: raise
          SELECT refuse(:text)
          -- name: raise_of_input
          SELECT refuse(concat_ws(' ', CAST(:input AS json) ->> 'card', CAST(:input AS json) #>> '{to,0,pin}'))
          """);

  private final Database database = TestDatabases.migrated();
  private final SettableClock clock = new SettableClock(Runs.NOMINAL);
  private final SqlTarget target = target(SqlTarget.DEFAULT_TIMEOUT);

  @BeforeEach
  void makeTables() {
    database
        .jdbi()
        .useHandle(handle -> handle.createScript(BookingTable.SQL.get("make")).execute());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aRunHasItsEffectOnceHoweverOftenItComes() throws Exception {
    Run run = booking(7);

    assertThat(rows(target.run(run))).isEqualTo("{\"rows\":1}");
    assertThat(rows(target.run(Runs.again(run)))).isEqualTo("{\"rows\":0}");
    assertThat(bookings()).containsExactly("1|7|2026-01-01 08:00:00|New Year");
  }

  @Test
  void aRunThatComesTwiceAtOnceHasItsEffectOnce() throws Exception {
    Run run = booking(7);
    List<Callable<Outcome>> both =
        IntStream.range(0, SqlTarget.POOL_SIZE)
            .<Callable<Outcome>>mapToObj(_ -> () -> target.run(run))
            .toList();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> outcome : threads.invokeAll(both)) {
        assertThat(outcome.get()).isInstanceOf(Outcome.Succeeded.class);
      }
    }
    assertThat(bookings()).hasSize(1);
  }

  @Test
  void theRunSetsParametersToo() throws Exception {
    Run run = Runs.again(Runs.of("{\"statement\": \"own\"}", "said so"));

    assertThat(target.run(run)).isInstanceOf(Outcome.Succeeded.class);
    assertThat(bookings())
        .containsExactly("1|2|2026-01-01 09:00:00|Europe/Paris scheduled said so");
  }

  @Test
  void aStatementThatTakesTooLongIsTriedAgain() throws Exception {
    SqlTarget hasty = target(Duration.ofMillis(50));
    Run run = Runs.of("{\"statement\": \"sleep\", \"parameters\": {\"seconds\": 30}}", null);

    assertThat(hasty.run(run))
        .isInstanceOfSatisfying(
            Outcome.Retryable.class,
            again -> assertThat(again.reason()).contains("'sleep'", "PT0.05S", "57014", "timeout"));
    assertThat(count(database, "schedule_sql_run")).isZero();
  }

  @Test
  void aRunThatWaitsForItsTwinTooLongIsTriedAgain() throws Exception {
    Run run = booking(7);

    try (Handle twin = database.jdbi().open()) {
      twin.begin();
      SqlRuns.begin(twin, run.attempt().event().id(), Runs.NOMINAL);
      assertThat(target(Duration.ofMillis(50)).run(run)).isInstanceOf(Outcome.Retryable.class);
      twin.rollback();
    }
    assertThat(rows(target.run(run))).isEqualTo("{\"rows\":1}");
  }

  @Test
  void aResultIsReadToItsEnd() throws Exception {
    assertThat(rows(target.run(reading(SqlTarget.MAX_ROWS)))).isEqualTo("{\"rows\":10000}");
    assertThat(target.run(reading(SqlTarget.MAX_ROWS + 1)))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            never -> assertThat(never.reason()).contains("more than 10000 rows"));
  }

  @Test
  void aDatabaseThatIsAwayIsNotTheRunsFault() throws Exception {
    database.close();

    assertThat(target.run(booking(7)))
        .isInstanceOfSatisfying(
            Outcome.Postponed.class,
            postponed ->
                assertThat(postponed.pause())
                    .isBetween(SqlFailure.PAUSE, SqlFailure.PAUSE.multipliedBy(3)));
  }

  @Nested
  class Failures {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {"account": 1, "amount": "secret", "note": null} | 22P02 | a value does not fit
            {"account": 1, "amount": -4711, "note": "n"}     | 23514 | violates check constraint "booking_amount_check"
            """)
    void aFailureForGoodSaysWhyWithoutValues(String parameters, String state, String why)
        throws Exception {
      Run run =
          Runs.of("{\"statement\": \"book\", \"parameters\": %s}".formatted(parameters), null);

      assertThat(reason(target.run(run)))
          .contains("'book'", "SQLSTATE " + state, why)
          .doesNotContain("secret", "4711");
      assertThat(count(database, "schedule_sql_run")).isZero();
    }

    @Test
    void whatTheDatabaseRepeatsOfTheValuesIsHidden() throws Exception {
      Run run =
          Runs.of("{\"statement\": \"raise\", \"parameters\": {\"text\": \"card 4711\"}}", null);

      assertThat(reason(target.run(run))).endsWith("SQLSTATE P0001: refused ?, sorry");
    }

    @Test
    void whatItRepeatsOfTheInputIsHiddenToo() throws Exception {
      Run run =
          Runs.of(
              "{\"statement\": \"raise_of_input\"}",
              "{\"card\": \"4711 0815\", \"to\": [{\"pin\": 1234.50}]}");

      assertThat(reason(target.run(run))).endsWith("SQLSTATE P0001: refused ? ?, sorry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "08006", "53100", "55P03", "55006", "25006", "58030"})
    void whatPassesByItselfIsTriedAgain(String state) throws Exception {
      assertThat(target.run(raising(state))).isInstanceOf(Outcome.Retryable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"55000", "25001", "42501", "XX000"})
    void whatDoesNotPassIsNot(String state) throws Exception {
      assertThat(reason(target.run(raising(state)))).contains("SQLSTATE " + state);
    }

    private static Run raising(String state) {
      return Runs.of(
          "{\"statement\": \"raise\", \"parameters\": {\"text\": \"%s\"}}".formatted(state), null);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                    | statement must be one of book, read_all
          {"statement": "drop_all"}                             | statement must be one of book, read_all
          {"statement": 1}                                      | statement must be one of
          {"statement": "SELECT 1"}                             | statement must be one of
          {"statement": "own", "sql": "SELECT 1"}               | sql is unknown: allowed: parameters, statement
          {"statement": "book"}                                 | parameters lacks account, amount, note of statement 'book'
          {"statement": "sleep", "parameters": []}              | parameters must be a JSON object
          {"statement": "sleep", "parameters": {"seconds": 1, "day": 2}} | parameters.day is unknown
          {"statement": "own", "parameters": {"run_id": 1}}     | parameters.run_id is set by the run itself
          """)
  void wrongSettingsAreAProblemAndNeverRun(String settings, String problem) throws Exception {
    assertThat(target.problem(Runs.json(settings)))
        .hasValueSatisfying(told -> assertThat(told).contains(problem));
    assertThat(reason(target.run(Runs.of(settings, null)))).contains(problem);
  }

  @Test
  void whereNothingIsAllowedNothingRuns() {
    SqlTarget none =
        new SqlTarget(database, SqlStatements.none(), SqlTarget.DEFAULT_TIMEOUT, clock);

    assertThat(none.problem(Runs.json("{\"statement\": \"book\"}")))
        .contains("statement: no SQL statement is allowed here");
  }

  @Test
  void aRunIsForgottenWhenItCannotComeAgain() throws Exception {
    Run ended = booking(1);
    Run live = booking(2);
    new PostgresEventStore(database.jdbi()).plan(List.of(live.attempt().event()));
    target.run(ended);
    target.run(live);

    assertThat(forgotten(Duration.ZERO)).isZero();
    assertThat(forgotten(Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(rows(target.run(live))).isEqualTo("{\"rows\":0}");
  }

  static long count(Database database, String table) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle.createQuery(BookingTable.SQL.get("count_" + table)).mapTo(Long.class).one());
  }

  private int forgotten(Duration after) {
    return database.jdbi().withHandle(handle -> SqlRuns.forget(handle, Runs.NOMINAL.plus(after)));
  }

  private SqlTarget target(Duration timeout) {
    return new SqlTarget(database, STATEMENTS, timeout, clock);
  }

  private List<String> bookings() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle.createQuery(BookingTable.SQL.get("bookings")).mapTo(String.class).list());
  }

  private static Run booking(int amount) {
    return Runs.of(
        """
        {"statement": "book", "parameters": {"account": 1, "amount": %d, "note": "New Year"}}
        """
            .formatted(amount),
        null);
  }

  private static Run reading(int rows) {
    return Runs.of(
        "{\"statement\": \"read_all\", \"parameters\": {\"most\": %d}}".formatted(rows), null);
  }

  private static String rows(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return outcome.receipt() == null ? "" : outcome.receipt().details();
  }

  private static String reason(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected) outcome).reason();
  }
}
