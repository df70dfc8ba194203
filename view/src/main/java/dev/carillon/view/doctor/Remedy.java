package dev.carillon.view.doctor;

import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * One step that helps.
 *
 * @param kind where it is run
 * @param text what is run, whole
 */
public record Remedy(Kind kind, String text) {

  /** Where a remedy is run. */
  public enum Kind {
    /** One SQL statement, by itself: some of them are refused inside a transaction. */
    SQL,
    /** A command in a shell. */
    COMMAND
  }

  public Remedy {
    requireNonNull(kind, "kind is null");
    requireNonNull(text, "text is null");
  }

  static List<Remedy> sql(String... statements) {
    return Stream.of(statements).map(text -> new Remedy(Kind.SQL, text)).toList();
  }

  static List<Remedy> command(String text) {
    return List.of(new Remedy(Kind.COMMAND, text));
  }

  /** The statements that the server made, in the row's column {@code remedies}. */
  static List<Remedy> of(ResultSet row) throws SQLException {
    return sql((String[]) row.getArray("remedies").getArray());
  }
}
