package dev.carillon.view.doctor;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the tables of the search path and at the server, and says what is wrong and what to run.
 * It needs no special role: what it may not see it says. It reads only, and waits for no lock
 * longer than {@link #LOCK_TIMEOUT}. Safe for use by many threads.
 */
public final class Doctor {

  /** How long it waits for a lock that somebody else holds. */
  public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  /** How long one of its statements may take. */
  public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

  private static final Statements SQL = Statements.beside(Doctor.class, "server.sql");

  /** What a check may meet without anything being broken: by SQLSTATE, in words. */
  private static final Map<String, String> EXPECTED =
      Map.of(
          "42501", "this role may not see it",
          "55P03", "somebody holds a lock on it",
          "57014", "it took too long",
          "55000", "the server is not set up for it");

  private final Jdbi jdbi;
  private final List<Check> checks;

  /** A doctor with all checks and the usual limits. */
  public Doctor(Jdbi jdbi) {
    this(jdbi, Checks.usual());
  }

  Doctor(Jdbi jdbi, List<Check> checks) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.checks = List.copyOf(checks);
  }

  /**
   * Looks at everything, one check after the other, each in a transaction of its own.
   *
   * @throws JdbiException if the database cannot be reached
   */
  public Examination examine() {
    List<Advice> found = new ArrayList<>();
    checks.forEach(check -> found.addAll(look(check)));
    return new Examination(found);
  }

  private List<Advice> look(Check check) {
    try {
      List<Advice> found =
          jdbi.inTransaction(handle -> {
            limit(handle);
            return check.look(handle);
          });
      return found.isEmpty() ? List.of(Advice.ok(check)) : found;
    } catch (JdbiException e) {
      String why = expected(e);
      if (why == null) {
        throw e;
      }
      return List.of(Advice.info(check, "could not be looked at: " + why, grants(why)));
    }
  }

  private List<Remedy> grants(String why) {
    return why.equals(EXPECTED.get("42501")) ? List.of(grant()) : List.of();
  }

  private Remedy grant() {
    return jdbi.withHandle(Doctor::grant);
  }

  /** What lets this role see what others do. */
  static Remedy grant(Handle handle) {
    return handle
        .createQuery(SQL.get("who"))
        .map((row, _) -> new Remedy(Remedy.Kind.SQL, row.getString("remedy")))
        .one();
  }

  private static void limit(Handle handle) {
    handle
        .createQuery(SQL.get("limits"))
        .bind("lock_millis", LOCK_TIMEOUT.toMillis())
        .bind("statement_millis", STATEMENT_TIMEOUT.toMillis())
        .mapToMap()
        .one();
  }

  private static @Nullable String expected(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return EXPECTED.get(sql.getSQLState());
      }
    }
    return null;
  }
}
