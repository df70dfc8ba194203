package dev.carillon.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Named SQL statements of one {@code .sql} file. A line {@code -- name: settle} begins a statement,
 * which ends at the next such line.
 */
public final class Statements {

  private static final String NAME = "-- name: ";

  private final String file;
  private final Map<String, String> byName;

  private Statements(String file, Map<String, String> byName) {
    this.file = file;
    this.byName = byName;
  }

  /**
   * Reads the statements of a file that lies beside a class.
   *
   * @throws IllegalStateException if there is no such file, or a name stands twice
   */
  public static Statements beside(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no " + file + " beside " + owner.getName());
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Statements(file, parse(file, text));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * The statement of a name.
   *
   * @throws IllegalArgumentException if the file has none
   */
  public String get(String name) {
    String sql = byName.get(name);
    if (sql == null) {
      throw new IllegalArgumentException(file + " has no statement named " + name);
    }
    return sql;
  }

  /** The names of all statements, in the file's order. */
  public Set<String> names() {
    return byName.keySet();
  }

  private static Map<String, String> parse(String file, String text) {
    Map<String, String> statements = new LinkedHashMap<>();
    String name = null;
    StringBuilder sql = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith(NAME)) {
        put(file, statements, name, sql);
        name = line.substring(NAME.length()).strip();
      } else if (!line.startsWith("--")) {
        sql.append(line).append('\n');
      }
    }
    put(file, statements, name, sql);
    return statements;
  }

  private static void put(
      String file, Map<String, String> statements, @Nullable String name, StringBuilder sql) {
    if (name != null && statements.put(name, sql.toString().strip()) != null) {
      throw new IllegalStateException(file + " has two statements named " + name);
    }
    sql.setLength(0);
  }
}
