package dev.carillon.view.capture;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The templates of a {@code .sql} file: SQL with {@code ${places}} for names and expressions.
 *
 * @param statements the file
 */
public record Template(Statements statements) {

  private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

  public Template {
    requireNonNull(statements, "statements is null");
  }

  /**
   * Fills a template in.
   *
   * @throws IllegalArgumentException if a place has no value
   */
  public String fill(String template, Map<String, String> values) {
    return PLACE
        .matcher(statements.get(template))
        .replaceAll(place -> {
          String value = values.get(place.group(1));
          if (value == null) {
            throw new IllegalArgumentException(template + " needs " + place.group(1));
          }
          return Matcher.quoteReplacement(value);
        });
  }

  /** A name in SQL, whatever is in it. */
  public static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A text in SQL, whatever is in it. */
  public static String literal(String text) {
    String escaped = text.replace("'", "''");
    return escaped.contains("\\")
        ? "E'" + escaped.replace("\\", "\\\\") + "'"
        : "'" + escaped + "'";
  }
}
