package dev.carillon.view.keyed;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Capture;
import dev.carillon.view.capture.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * What is generated for a view is called, and its columns.
 *
 * @param columns all columns of the view, unquoted
 * @param keys those that tell its rows apart, the touched ones first
 * @param touched how many of them are recorded
 */
record KeyedNames(
    String schema, ViewName view, List<String> columns, List<String> keys, int touched) {

  KeyedNames {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
  }

  /** The view itself: a table. */
  String target() {
    return Template.quoted(schema) + "." + Template.quoted(view.text());
  }

  /** The user's query. */
  String recompute() {
    return qualified("_recompute");
  }

  /** The recorded keys. */
  String dirty() {
    return qualified("_dirty");
  }

  /** What sees the writes to a source, by its number from 1. */
  Capture capture(long source, int number) {
    return new Capture(
        source,
        qualified(number + "_capture"),
        "carillon_%s_k%d".formatted(view, number),
        qualified(number + "_touched"));
  }

  /** Whether the view is not being dropped, and will not be until the transaction ends. */
  boolean mayCapture(Handle handle) {
    return handle
        .createQuery(Keyed.SQL.get("may_capture"))
        .bind("view", view.text())
        .mapTo(Boolean.class)
        .findFirst()
        .isPresent();
  }

  String sql(String template) {
    return sql(template, Map.of());
  }

  String sql(String template, Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("target", target());
    values.put("target_key", Template.quoted("carillon_%s_k_key".formatted(view)));
    values.put("recompute", recompute());
    values.put("dirty", dirty());
    values.put("columns", columns.stream().map(Template::quoted).collect(list()));
    values.put("keys", keys.stream().map(Template::quoted).collect(list()));
    values.put("ks", each(touched, i -> "k" + i).collect(list()));
    values.put("are_null", each(touched, i -> "k" + i + " IS NULL").collect(list()));
    values.put("on_conflict", onConflict());
    values.put("numbers", each(keys.size(), i -> "n" + i).collect(list()));
    values.put("keys_numbered", each(keys.size(), i -> key(i) + " AS n" + i).collect(list()));
    values.put(
        "pending",
        each(touched, i -> "d.k%1$d IS NOT DISTINCT FROM n%1$d".formatted(i)).collect(and()));
    values.putAll(more);
    return Keyed.TEMPLATE.fill(template, values);
  }

  /**
   * What depends on which of the touched columns are NULL. Equality reaches an index and follows
   * the query's joins; IS NOT DISTINCT FROM does neither.
   *
   * @param pattern for each touched column {@code t} if it is NULL, and {@code f} if not
   */
  Map<String, String> matching(String pattern) {
    return Map.of(
        "pattern",
        each(touched, i -> "k" + i + (isNull(pattern, i) ? " IS NULL" : " IS NOT NULL"))
            .collect(and()),
        "match",
        each(touched, i -> match("q", i, pattern)).collect(and()),
        "target_match",
        each(touched, i -> match("t", i, pattern)).collect(and()),
        "same_key",
        each(keys.size(), i -> same(i, pattern)).collect(and()));
  }

  /** The pattern of keys without NULL. */
  String noNulls() {
    return "f".repeat(touched);
  }

  private String match(String alias, int number, String pattern) {
    return isNull(pattern, number)
        ? "%s.%s IS NULL".formatted(alias, key(number))
        : "%s.%s = d.k%d".formatted(alias, key(number), number);
  }

  private String same(int number, String pattern) {
    boolean equal = number <= touched && !isNull(pattern, number);
    return "f.%1$s %2$s t.%1$s".formatted(key(number), equal ? "=" : "IS NOT DISTINCT FROM");
  }

  private static boolean isNull(String pattern, int number) {
    return pattern.charAt(number - 1) == 't';
  }

  private String onConflict() {
    List<String> others = new ArrayList<>(columns);
    others.removeAll(keys);
    if (others.isEmpty()) {
      return "DO NOTHING";
    }
    // Compares as stored: types without an equality are no trouble, and 1.0 is not 1.00.
    return "DO UPDATE SET %s WHERE (t.*) OPERATOR(pg_catalog.*<>) (excluded.*)"
        .formatted(
            others.stream().map(Template::quoted).map(c -> c + " = excluded." + c).collect(list()));
  }

  private String key(int number) {
    return Template.quoted(keys.get(number - 1));
  }

  private static Stream<String> each(int count, IntFunction<String> form) {
    return IntStream.rangeClosed(1, count).mapToObj(form);
  }

  private static Collector<CharSequence, ?, String> list() {
    return Collectors.joining(", ");
  }

  private static Collector<CharSequence, ?, String> and() {
    return Collectors.joining(" AND ");
  }

  private String qualified(String suffix) {
    return Template.quoted(schema)
        + "."
        + Template.quoted("carillon_%s_k%s".formatted(view, suffix));
  }
}
