package dev.carillon.view.ledger;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Capture;
import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * What is generated for a part is called, and its columns.
 *
 * @param schema the schema of the view
 * @param view the view
 * @param number the part, from 1
 * @param keys how many key columns base and ledger have; one if the part has no keys
 * @param keyless whether all rows are one group, whose key column is a constant
 * @param measures how many columns with counts and sums
 */
record PartNames(
    String schema, ViewName view, int number, int keys, boolean keyless, int measures) {

  /**
   * How long the keys of a group may be to be found by an index over them, in bytes. PostgreSQL
   * refuses an index row of a third of a page: of more than 2,704 bytes.
   */
  static final int INDEXED_BYTES = 2_000;

  private static final String ODD = "%s IN ('NaN', 'Infinity', '-Infinity')";

  /** The view that has the query's expressions, for each row of the table. */
  String rowsView() {
    return qualified("rows");
  }

  /** The view that counts anew. */
  String recompute() {
    return qualified("recompute");
  }

  String base() {
    return qualified("base");
  }

  /** The groups whose keys are too long for the base's index. */
  String wide() {
    return qualified("wide");
  }

  String ledger() {
    return qualified("ledger");
  }

  /** The view that adds up what was counted and what has changed since: what readers read. */
  String live() {
    return qualified("live");
  }

  String capture() {
    return qualified("capture");
  }

  /** What sees the writes to the part's table. */
  Capture capture(Handle handle) {
    return new Capture(
        Facts.source(handle, rowsView()),
        capture(),
        "carillon_%s_p%d".formatted(view, number),
        rowsView());
  }

  /** Whether the part is not being dropped, and will not be until the transaction ends. */
  boolean mayCapture(Handle handle) {
    return handle
        .createQuery(Ledger.SQL.get("may_capture"))
        .bind("view", view.text())
        .bind("part", number)
        .mapTo(Boolean.class)
        .findFirst()
        .isPresent();
  }

  List<String> measureColumns() {
    return columns("m", measures);
  }

  /** Fills a template that needs names and columns only. */
  String sql(String template) {
    return Ledger.TEMPLATE.fill(template, values());
  }

  /** Fills a template that needs more. */
  String sql(String template, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(values());
    all.putAll(more);
    return Ledger.TEMPLATE.fill(template, all);
  }

  private Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    values.put("rows_view", rowsView());
    values.put("recompute", recompute());
    values.put("base", base());
    values.put("base_key", Template.quoted(bare("base_key")));
    values.put("wide", wide());
    values.put("wide_key", Template.quoted(bare("wide_key")));
    values.put("indexed_bytes", Integer.toString(INDEXED_BYTES));
    values.putAll(keyLists());
    values.put("ledger", ledger());
    values.put("live", live());
    values.put("capture", capture());
    values.put("view_literal", "'" + view.text() + "'");
    values.put("part", Integer.toString(number));
    values.putAll(columnLists());
    return values;
  }

  private Map<String, String> keyLists() {
    List<String> keyColumns = columns("k", keys);
    return Map.of(
        "all_zero",
        Stream.concat(Stream.of("rows"), measureColumns().stream())
            .map("%s = 0"::formatted)
            .collect(Collectors.joining(" AND ")),
        "digest",
        "md5(CAST(ROW(%s) AS text))".formatted(String.join(", ", keyColumns)),
        "same_keys",
        each(keyColumns, "far.%1$s IS NOT DISTINCT FROM w.%1$s"::formatted).stream()
            .collect(Collectors.joining(" AND ")));
  }

  private Map<String, String> columnLists() {
    List<String> keyColumns = columns("k", keys);
    List<String> measureColumns = measureColumns();
    return Map.of(
        "keys",
        String.join(", ", keyColumns),
        "columns",
        String.join(", ", all(keyColumns, measureColumns)),
        "columns_negated",
        String.join(", ", all(keyColumns, each(measureColumns, "-%1$s AS %1$s"::formatted))),
        "columns_plainly_summed",
        String.join(", ", all(keyColumns, each(measureColumns, "sum(%1$s) AS %1$s"::formatted))),
        "columns_added",
        each(measureColumns, "%1$s = b.%1$s + excluded.%1$s, "::formatted).stream()
            .collect(Collectors.joining()),
        "not_zero",
        Stream.concat(Stream.of("rows"), measureColumns.stream())
            .map("sum(%s) <> 0"::formatted)
            .collect(Collectors.joining(" OR ")),
        "any_not_zero",
        Stream.concat(Stream.of("rows"), measureColumns.stream())
            .map("%s <> 0"::formatted)
            .collect(Collectors.joining(" OR ")),
        "odd",
        Stream.concat(Stream.of("false"), each(measureColumns, ODD::formatted).stream())
            .collect(Collectors.joining(" OR ")));
  }

  private static List<String> columns(String prefix, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList();
  }

  private static List<String> each(List<String> columns, UnaryOperator<String> form) {
    return columns.stream().map(form).toList();
  }

  private static List<String> all(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }

  private String bare(String suffix) {
    return "carillon_%s_p%d_%s".formatted(view, number, suffix);
  }

  private String qualified(String suffix) {
    return Template.quoted(schema) + "." + Template.quoted(bare(suffix));
  }
}
