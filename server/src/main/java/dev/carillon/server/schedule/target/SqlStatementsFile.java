package dev.carillon.server.schedule.target;

import dev.carillon.postgres.Database;
import dev.carillon.schedule.target.SqlStatements;
import dev.carillon.server.settings.InvalidSettings;
import dev.carillon.server.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of SQL statements that schedules may run: SQL_STATEMENTS_FILE. */
public final class SqlStatementsFile {

  private static final String VARIABLE = "SQL_STATEMENTS_FILE";

  private SqlStatementsFile() {}

  /**
   * The statements that are set; none if no file is.
   *
   * @throws InvalidSettings if the file cannot be read; the message says what to mend
   */
  public static SqlStatements read(Settings settings) {
    @Nullable Path file = settings.scheduling().sqlStatementsFile();
    if (file == null) {
      return SqlStatements.none();
    }
    try {
      return SqlStatements.parse(Files.readString(file));
    } catch (IOException e) {
      throw new InvalidSettings(
          List.of("%s: %s cannot be read as a text in UTF-8".formatted(VARIABLE, file)));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettings(List.of("%s: %s: %s".formatted(VARIABLE, file, e.getMessage())));
    }
  }

  /**
   * Has the database prepare each statement, and runs none.
   *
   * @throws InvalidSettings if it cannot prepare one; the message says which and why
   * @throws SQLException if the database cannot be asked
   */
  public static void check(SqlStatements statements, Database database) throws SQLException {
    List<String> problems = statements.check(database);
    if (!problems.isEmpty()) {
      throw new InvalidSettings(
          problems.stream().map(problem -> VARIABLE + ": " + problem).toList());
    }
  }
}
