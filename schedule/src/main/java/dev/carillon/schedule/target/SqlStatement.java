package dev.carillon.schedule.target;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.Names;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.ParsedParameters;
import org.jdbi.v3.core.statement.ParsedSql;

/**
 * A statement that schedules may run.
 *
 * @param name its name
 * @param sql with a question mark for each parameter
 * @param parameters their names, in the order of the question marks
 */
public record SqlStatement(String name, String sql, List<String> parameters) {

  /** None of them ends the transaction that it runs in. */
  private static final Set<String> VERBS =
      new TreeSet<>(
          Set.of("CALL", "DELETE", "INSERT", "MERGE", "REFRESH", "SELECT", "UPDATE", "WITH"));

  private static final Pattern BLANKS = Pattern.compile("[\\s(]+");

  public SqlStatement {
    requireNonNull(name, "name is null");
    requireNonNull(sql, "sql is null");
    parameters = List.copyOf(parameters);
  }

  /**
   * Reads a statement with parameters such as {@code :day}.
   *
   * @throws IllegalArgumentException if schedules may not run it; the message says why
   */
  static SqlStatement parse(String name, String text) {
    if (!Names.isName(name)) {
      throw new IllegalArgumentException(
          "the name '%s' must have from %s".formatted(name, Names.ALLOWED));
    }
    String sql = text.strip();
    if (sql.endsWith(";")) {
      sql = sql.substring(0, sql.length() - 1).strip();
    }
    // One statement is one effect; whether it stands in quotes is not for us to find out.
    if (sql.contains(";")) {
      throw new IllegalArgumentException(
          "statement '%s' has a semicolon before its end: one statement is allowed, and chr(59) in it"
              .formatted(name));
    }
    String verb = BLANKS.splitAsStream(sql).findFirst().orElse("");
    if (!VERBS.contains(verb.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "statement '%s' begins with '%s': %s are allowed"
              .formatted(name, verb, String.join(", ", VERBS)));
    }
    return parsed(name, sql);
  }

  private static SqlStatement parsed(String name, String sql) {
    ParsedSql parsed = new ColonPrefixSqlParser().parse(sql, null);
    ParsedParameters parameters = parsed.getParameters();
    if (parameters.isPositional() && parameters.getParameterCount() > 0) {
      throw new IllegalArgumentException(
          "statement '%s' has a question mark: parameters are written as :name".formatted(name));
    }
    return new SqlStatement(name, parsed.getSql(), parameters.getParameterNames());
  }
}
