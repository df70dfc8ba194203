package dev.carillon.view.capture;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What sees the writes to a table: a function, and triggers on the table and on each partition that
 * call it.
 *
 * @param source the table's object id; 0 if it is gone
 * @param function the function's name in SQL, with its schema
 * @param prefix what the triggers' names begin with
 * @param rows the view, named as in SQL, whose text of a row the function's is made of
 */
public record Capture(long source, String function, String prefix, String rows) {

  static final Statements SQL = Statements.beside(Capture.class, "capture.sql");

  static final Template TEMPLATE = new Template(Statements.beside(Capture.class, "trigger.sql"));

  static final List<String> EVENTS = List.of("insert", "update", "delete", "truncate");

  public Capture {
    requireNonNull(function, "function is null");
    requireNonNull(prefix, "prefix is null");
    requireNonNull(rows, "rows is null");
  }

  String sql(String template, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("capture", function);
    for (String event : EVENTS) {
      values.put("trigger_" + event, Template.quoted(prefix + "_" + event));
    }
    return TEMPLATE.fill(template, values);
  }
}
