package dev.carillon.view.capture;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * A view over one table as the database tells it: with all names in full, so that they mean the
 * same whatever the search path is, and with the constants as the view has them.
 *
 * @param definition the view's text
 * @param table the table as the text names it
 */
public record RowsText(String definition, String table) {

  private static final String SAVEPOINT = "carillon_rows_text";

  /** What is quoted is passed over, so that a FROM that is found is one. */
  private static final Pattern FROM = Pattern.compile("'[^']*'|\"[^\"]*\"|(\n +FROM )");

  public RowsText {
    requireNonNull(definition, "definition is null");
    requireNonNull(table, "table is null");
  }

  /** Reads a view's text within a transaction, whose settings stay as they are. */
  static RowsText read(Handle handle, String view, String table) {
    handle.savepoint(SAVEPOINT);
    RawSql.execute(handle, Capture.TEMPLATE.fill("plain_words", Map.of()));
    String text =
        handle
            .createQuery(Capture.SQL.get("definition"))
            .bind("view", view)
            .mapTo(String.class)
            .one()
            .strip();
    handle.rollbackToSavepoint(SAVEPOINT);
    return new RowsText(text.endsWith(";") ? text.substring(0, text.length() - 1) : text, table);
  }

  /**
   * The same query of other rows.
   *
   * @param rows what stands for the table
   * @throws IllegalStateException if the text reads anything but the table
   */
  public String over(String rows) {
    StringBuilder text = new StringBuilder();
    int done = 0;
    Matcher found = FROM.matcher(definition);
    while (found.find()) {
      if (found.group(1) != null) {
        int end = found.end() + table.length();
        if (!definition.startsWith(table + " ", found.end())) {
          throw unexpected();
        }
        text.append(definition, done, found.end()).append(rows);
        done = end;
      }
    }
    if (done == 0) {
      throw unexpected();
    }
    return text.append(definition, done, definition.length()).toString();
  }

  private IllegalStateException unexpected() {
    return new IllegalStateException(
        "the database's text of the rows does not read %s alone, as it was made to: %s"
            .formatted(table, definition));
  }
}
