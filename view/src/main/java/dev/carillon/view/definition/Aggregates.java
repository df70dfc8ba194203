package dev.carillon.view.definition;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The aggregate functions of PostgreSQL, and what can be done about those that cannot be added. */
final class Aggregates {

  private static final Set<String> LINEAR = Set.of("count", "sum", "avg");

  private static final String LOOK_UP =
      "Read it by an index: LEFT JOIN LATERAL (SELECT %s(...) FROM ... WHERE key = outer.key) x ON true";

  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("min", LOOK_UP.formatted("min")),
          Map.entry("max", LOOK_UP.formatted("max")),
          Map.entry("bool_and", "Write count(*) FILTER (WHERE NOT x) = 0"),
          Map.entry("every", "Write count(*) FILTER (WHERE NOT x) = 0"),
          Map.entry("bool_or", "Write count(*) FILTER (WHERE x) > 0"),
          Map.entry("stddev", "Keep count(x), sum(x) and sum(x * x), and compute it from these"),
          Map.entry(
              "stddev_pop", "Keep count(x), sum(x) and sum(x * x), and compute it from these"),
          Map.entry(
              "stddev_samp", "Keep count(x), sum(x) and sum(x * x), and compute it from these"),
          Map.entry("variance", "Keep count(x), sum(x) and sum(x * x), and compute it from these"),
          Map.entry("var_pop", "Keep count(x), sum(x) and sum(x * x), and compute it from these"),
          Map.entry("var_samp", "Keep count(x), sum(x) and sum(x * x), and compute it from these"));

  private static final Set<String> NO_HINT =
      Set.of(
          "array_agg",
          "string_agg",
          "json_agg",
          "jsonb_agg",
          "json_object_agg",
          "jsonb_object_agg",
          "bit_and",
          "bit_or",
          "bit_xor",
          "any_value",
          "xmlagg",
          "range_agg",
          "mode",
          "percentile_cont",
          "percentile_disc",
          "corr",
          "covar_pop",
          "covar_samp",
          "regr_slope",
          "regr_count",
          "grouping");

  private static final Set<String> UNSTEADY =
      Set.of(
          "now",
          "clock_timestamp",
          "statement_timestamp",
          "transaction_timestamp",
          "timeofday",
          "random",
          "random_normal",
          "gen_random_uuid",
          "uuid_generate_v4",
          "uuidv4",
          "uuidv7",
          "nextval",
          "currval",
          "lastval",
          "setval",
          "txid_current",
          "pg_current_xact_id",
          "current_setting",
          "set_config",
          "pg_backend_pid",
          "age",
          "localtime",
          "localtimestamp",
          "current_user",
          "session_user",
          "current_role",
          "user",
          "pg_sleep");

  private Aggregates() {}

  static boolean isLinear(String function) {
    return LINEAR.contains(bare(function));
  }

  static boolean isAggregate(String function) {
    String name = bare(function);
    return LINEAR.contains(name) || OTHER.containsKey(name) || NO_HINT.contains(name);
  }

  /** Whether the same arguments can give another answer at another time or to another user. */
  static boolean isUnsteady(String function) {
    return UNSTEADY.contains(bare(function));
  }

  static String hint(String function) {
    return OTHER.getOrDefault(
        bare(function), "Only count, sum and avg can be kept: compute it when the view is read");
  }

  /** A function's name without the schema that PostgreSQL's own functions lie in. */
  static String bare(String function) {
    String name = function.toLowerCase(Locale.ROOT).replace("\"", "");
    return name.startsWith("pg_catalog.") ? name.substring("pg_catalog.".length()) : name;
  }
}
