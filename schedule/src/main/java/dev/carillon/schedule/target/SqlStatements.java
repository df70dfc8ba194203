package dev.carillon.schedule.target;

import dev.carillon.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements that schedules may run: an allow-list that the operator keeps in a file. A line
 * {@code -- name: close_day} begins a statement, which ends at the next such line; other lines that
 * begin with {@code --} are comments. Parameters are written as {@code :day}.
 */
public final class SqlStatements {

  /** The most statements of a file. */
  public static final int MAX_STATEMENTS = 1_000;

  /** The longest file, in characters. */
  public static final int MAX_LENGTH = 1 << 20;

  private static final String NAME = "-- name:";
  private static final String COMMENT = "--";

  private final Map<String, SqlStatement> byName;

  private SqlStatements(Map<String, SqlStatement> byName) {
    this.byName = byName;
  }

  /** No statement at all. */
  public static SqlStatements none() {
    return new SqlStatements(Map.of());
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException if it cannot be read; the message says what to mend
   */
  public static SqlStatements parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "has %d characters: at most %d are allowed".formatted(text.length(), MAX_LENGTH));
    }
    Map<String, SqlStatement> byName = new LinkedHashMap<>();
    String name = null;
    StringBuilder sql = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith(NAME)) {
        put(byName, name, sql);
        name = line.substring(NAME.length()).strip();
      } else if (!line.startsWith(COMMENT)) {
        sql.append(line).append('\n');
      }
    }
    put(byName, name, sql);
    if (byName.size() > MAX_STATEMENTS) {
      throw new IllegalArgumentException(
          "has %d statements: at most %d are allowed".formatted(byName.size(), MAX_STATEMENTS));
    }
    return new SqlStatements(byName);
  }

  /** A statement by its name. */
  public Optional<SqlStatement> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The names of all statements, in the file's order. */
  public Set<String> names() {
    return byName.keySet();
  }

  /**
   * Has the database prepare each statement, and runs none.
   *
   * @return what is wrong, with the statement's name; empty if nothing is
   * @throws SQLException if the database cannot be asked
   */
  public List<String> check(Database database) throws SQLException {
    List<String> problems = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection()) {
      for (SqlStatement statement : byName.values()) {
        check(connection, statement).ifPresent(problems::add);
      }
    }
    return problems;
  }

  private static Optional<String> check(Connection connection, SqlStatement statement)
      throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      prepared.getParameterMetaData();
      return Optional.empty();
    } catch (SQLException e) {
      if (!connection.isValid(0)) {
        throw e;
      }
      return Optional.of(
          "statement '%s' cannot be prepared: %s".formatted(statement.name(), e.getMessage()));
    }
  }

  private static void put(
      Map<String, SqlStatement> byName, @Nullable String name, StringBuilder sql) {
    if (name == null) {
      if (!sql.toString().isBlank()) {
        throw new IllegalArgumentException(
            "begins with something else than a line such as -- name: close_day");
      }
    } else if (byName.put(name, SqlStatement.parse(name, sql.toString())) != null) {
      throw new IllegalArgumentException("has two statements named '%s'".formatted(name));
    }
    sql.setLength(0);
  }
}
