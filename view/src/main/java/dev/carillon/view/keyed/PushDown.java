package dev.carillon.view.keyed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.view.Tier;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.capture.Template;
import dev.carillon.view.definition.KeyedPlan.KeyExpression;
import dev.carillon.view.definition.KeyedPlan.KeySource;
import dev.carillon.view.definition.Obstacle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Looks by EXPLAIN whether the query, asked for one key, reads a large table whole. Sequential
 * scans are priced out, so that what remains cannot be avoided.
 *
 * @param wholeScanBytes how large a table may be that is read whole
 */
record PushDown(Handle handle, long wholeScanBytes) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A column of a condition, with what it belongs to before the point. */
  private static final Pattern QUALIFIED = Pattern.compile("(\"(?:[^\"]|\"\")+\"|\\w+)\\.");

  private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*'");

  /**
   * Looks.
   *
   * @throws KeyedRefused if a large table is read whole
   */
  void check(KeyedNames names, Map<String, List<KeySource>> sources) {
    RawSql.execute(handle, names.sql("explain_settings"));
    String plan =
        String.join(
            "\n",
            RawSql.lines(handle, names.sql("explain_restricted", names.matching(names.noNulls()))));
    Set<String> whole = new LinkedHashSet<>();
    try {
      collect(JSON.readTree(plan), whole);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("EXPLAIN gave no JSON", e);
    }
    whole.remove(names.dirty().replace("\"", ""));
    List<Obstacle> obstacles = new ArrayList<>();
    for (String relation : whole) {
      if (size(relation) > wholeScanBytes) {
        obstacles.add(obstacle(relation, sources));
      }
    }
    if (!obstacles.isEmpty()) {
      throw new KeyedRefused(obstacles);
    }
  }

  private void collect(JsonNode node, Set<String> whole) {
    if (node.has("Relation Name")) {
      String schema = node.get("Schema").asText();
      if (isWhole(node, schema)) {
        whole.add(schema + "." + node.get("Relation Name").asText());
      }
    }
    node.forEach(child -> {
      if (child.isContainerNode()) {
        collect(child, whole);
      }
    });
  }

  private boolean isWhole(JsonNode scan, String schema) {
    return switch (scan.get("Node Type").asText()) {
      case "Index Scan", "Index Only Scan" -> !isByKey(scan, schema);
      case "Bitmap Heap Scan" ->
          scan.findParents("Index Name").stream().noneMatch(index -> isByKey(index, schema));
      default -> true;
    };
  }

  /**
   * Whether an index is asked for something that comes from elsewhere, the key or a join, and
   * begins with a column that is asked for: others make it be read whole.
   */
  private boolean isByKey(JsonNode scan, String schema) {
    String condition = LITERAL.matcher(scan.path("Index Cond").asText()).replaceAll("");
    Set<String> names =
        QUALIFIED
            .matcher(condition)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    String bare = QUALIFIED.matcher(condition).replaceAll("");
    return (condition.contains("$") || names.size() > 1)
        && handle
            .createQuery(Keyed.SQL.get("leading"))
            .bind("index", scan.get("Index Name").asText())
            .bind("schema", schema)
            .mapTo(String.class)
            .findFirst()
            .filter(first ->
                Pattern.compile("(?<![\\w\"])" + Pattern.quote(first) + "(?![\\w\"])")
                    .matcher(bare)
                    .find())
            .isPresent();
  }

  private long size(String relation) {
    int point = relation.indexOf('.');
    String name =
        Template.quoted(relation.substring(0, point))
            + "."
            + Template.quoted(relation.substring(point + 1));
    return handle.createQuery(Keyed.SQL.get("size")).bind("relation", name).mapTo(Long.class).one();
  }

  private static Obstacle obstacle(String relation, Map<String, List<KeySource>> sources) {
    List<String> keys =
        sources.getOrDefault(relation, List.of()).stream()
            .map(place ->
                place.keys().stream().map(KeyExpression::sql).collect(Collectors.joining("), (")))
            .distinct()
            .toList();
    String index =
        keys.isEmpty()
            ? "Make an index by which its rows for one key are found"
            : keys.stream()
                .map(key -> "CREATE INDEX CONCURRENTLY ON %s ((%s))".formatted(relation, key))
                .collect(Collectors.joining("; "));
    return new Obstacle(
        Tier.KEYED,
        "the query reads %s whole for each key".formatted(relation),
        index
            + ". If there is one, the condition on the key does not reach the table: put no"
            + " MATERIALIZED, window or expression between");
  }
}
