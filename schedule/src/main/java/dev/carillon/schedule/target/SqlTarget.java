package dev.carillon.schedule.target;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.target.Outcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * A target that runs a statement of the operator's allow-list, with values of the schedule. Each
 * run is one transaction, which notes that the run was made: a run that comes again changes nothing
 * twice. Safe for use by many threads.
 */
public final class SqlTarget implements ScheduleTarget {

  /** The kind, as schedules name it. */
  public static final String KIND = "sql";

  /** How many connections the target's own pool has: so many statements run at once. */
  public static final int POOL_SIZE = 4;

  /** How long a statement may take unless someone says otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** The longest such time: less than the engine gives to an attempt. */
  public static final Duration MAX_TIMEOUT = Duration.ofSeconds(50);

  /** The most rows that a statement may return; they are read and thrown away. */
  public static final int MAX_ROWS = 10_000;

  private static final int FETCH_SIZE = 1_000;
  private static final String STATEMENT = "statement";
  private static final String PARAMETERS = "parameters";

  private final Database database;
  private final SqlStatements statements;
  private final Duration timeout;
  private final InstantSource clock;

  /**
   * A target that runs these statements.
   *
   * @param database a pool of its own, of {@link #POOL_SIZE}; the caller closes it
   * @param timeout how long a statement may take, at most {@link #MAX_TIMEOUT}
   * @param clock dates the runs
   */
  public SqlTarget(
      Database database, SqlStatements statements, Duration timeout, InstantSource clock) {
    this.database = requireNonNull(database, "database is null");
    this.statements = requireNonNull(statements, "statements is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.clock = requireNonNull(clock, "clock is null");
    if (timeout.toMillis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "timeout must be from PT0.001S to %s, not %s".formatted(MAX_TIMEOUT, timeout));
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Optional<String> problem(JsonNode settings) {
    return SettingsFields.unknown(settings, Set.of(STATEMENT, PARAMETERS))
        .or(() -> statementProblem(settings));
  }

  @Override
  public Outcome run(Run run) throws InterruptedException {
    JsonNode settings = run.settings();
    Optional<String> problem = problem(settings);
    if (problem.isPresent()) {
      return new Outcome.Rejected("target " + problem.get());
    }
    JsonNode parameters = settings.path(PARAMETERS);
    SqlStatement statement = statements.find(settings.path(STATEMENT).asText()).orElseThrow();
    SqlCall call = SqlCall.of(statement, parameters, run);
    Instant startedAt = clock.instant();
    try {
      long rows = database.jdbi().inTransaction(handle -> once(handle, run, call, startedAt));
      return new Outcome.Succeeded(SqlReceipt.done(run, startedAt, rows));
    } catch (TooManyRows e) {
      return new Outcome.Rejected(String.valueOf(e.getMessage()), SqlReceipt.of(run, startedAt));
    } catch (JdbiException | SQLException e) {
      String subject = "statement '%s' (limit %s)".formatted(statement.name(), timeout);
      return SqlFailure.of(e, subject, SqlCall.secrets(parameters, run.input()))
          .outcome(SqlReceipt.of(run, startedAt));
    }
  }

  private Optional<String> statementProblem(JsonNode settings) {
    JsonNode name = settings.path(STATEMENT);
    Optional<SqlStatement> found =
        name.isTextual() ? statements.find(name.asText()) : Optional.empty();
    if (found.isEmpty()) {
      String allowed = String.join(", ", statements.names());
      return Optional.of(
          allowed.isEmpty()
              ? "statement: no SQL statement is allowed here"
              : "statement must be one of " + allowed);
    }
    return SqlCall.problem(found.get(), settings.path(PARAMETERS));
  }

  private long once(Handle handle, Run run, SqlCall call, Instant now) throws SQLException {
    handle
        .createQuery(SqlRuns.SQL.get("limit_statements"))
        .bind("millis", Long.toString(timeout.toMillis()))
        .mapTo(String.class)
        .one();
    return SqlRuns.begin(handle, run.attempt().event().id(), now) ? execute(handle, call) : 0;
  }

  private long execute(Handle handle, SqlCall call) throws SQLException {
    try (PreparedStatement prepared =
        handle.getConnection().prepareStatement(call.statement().sql())) {
      // Rows come in portions: a large result must not fill the memory.
      prepared.setFetchSize(FETCH_SIZE);
      call.bind(prepared);
      return prepared.execute() ? read(prepared.getResultSet()) : prepared.getUpdateCount();
    }
  }

  /** Reads to the end: what a query does beside, it does row by row. */
  private static long read(ResultSet result) throws SQLException {
    long rows = 0;
    while (result.next()) {
      rows++;
      if (rows > MAX_ROWS) {
        throw new TooManyRows();
      }
    }
    return rows;
  }

  /** Ends the transaction of a statement that returns more than it should. */
  private static final class TooManyRows extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyRows() {
      super("the statement returned more than %d rows".formatted(MAX_ROWS));
    }
  }
}
