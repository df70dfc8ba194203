package dev.carillon.schedule.target;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.template.InputJson;
import dev.carillon.schedule.template.RunFacts;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement with the values of its parameters: those of the schedule's settings, and {@linkplain
 * #OWN those of the run}.
 *
 * @param statement what is run
 * @param values one for each question mark, as a text that the database reads as the type it wants
 */
record SqlCall(SqlStatement statement, List<@Nullable String> values) {

  private static final String RUN_ID = "run_id";
  private static final String SCHEDULE_ID = "schedule_id";
  private static final String SCHEDULED_TIME = "scheduled_time";
  private static final String LOCAL_TIME = "local_time";
  private static final String ZONE = "zone";
  private static final String KIND = "kind";
  private static final String ATTEMPT = "attempt";
  private static final String INPUT = "input";

  /** The parameters that the run sets, if a statement has them. */
  static final Set<String> OWN =
      new TreeSet<>(
          Set.of(RUN_ID, SCHEDULE_ID, SCHEDULED_TIME, LOCAL_TIME, ZONE, KIND, ATTEMPT, INPUT));

  SqlCall {
    requireNonNull(statement, "statement is null");
    values = new ArrayList<>(values);
  }

  /** What is wrong with the values that settings give; empty if nothing is. */
  static Optional<String> problem(SqlStatement statement, JsonNode parameters) {
    if (!parameters.isObject() && !parameters.isMissingNode()) {
      return Optional.of("parameters must be a JSON object");
    }
    Set<String> given = new TreeSet<>();
    parameters.fieldNames().forEachRemaining(given::add);
    Set<String> lacking = new TreeSet<>(statement.parameters());
    lacking.removeAll(OWN);
    lacking.removeAll(given);
    if (!lacking.isEmpty()) {
      return Optional.of(
          "parameters lacks %s of statement '%s'"
              .formatted(String.join(", ", lacking), statement.name()));
    }
    return given.stream()
        .map(name -> misplaced(statement, name))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What a run calls. */
  static SqlCall of(SqlStatement statement, JsonNode parameters, Run run) {
    Map<String, @Nullable String> byName = own(run);
    parameters.properties().forEach(field -> byName.put(field.getKey(), text(field.getValue())));
    List<@Nullable String> values = new ArrayList<>();
    statement.parameters().forEach(name -> values.add(byName.get(name)));
    return new SqlCall(statement, values);
  }

  /** Gives a prepared statement its values; each is of the type that the database makes of it. */
  void bind(PreparedStatement prepared) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      if (value == null) {
        prepared.setNull(i + 1, Types.NULL);
      } else {
        prepared.setObject(i + 1, value, Types.OTHER);
      }
    }
  }

  /** What is not to be repeated: the values of settings and input, and the values within those. */
  static Set<String> secrets(JsonNode parameters, @Nullable String input) {
    Set<String> secrets = new HashSet<>();
    Stream.Builder<JsonNode> all = Stream.builder();
    parameters.forEach(value -> collect(value, all));
    if (input != null) {
      secrets.add(input);
      collect(InputJson.of(input), all);
    }
    all.build().map(SqlCall::text).filter(Objects::nonNull).forEach(secrets::add);
    return secrets;
  }

  private static void collect(JsonNode value, Stream.Builder<JsonNode> into) {
    into.add(value);
    value.forEach(inner -> collect(inner, into));
  }

  private static Optional<String> misplaced(SqlStatement statement, String name) {
    if (OWN.contains(name)) {
      return Optional.of("parameters.%s is set by the run itself".formatted(name));
    }
    return statement.parameters().contains(name)
        ? Optional.empty()
        : Optional.of(
            "parameters.%s is unknown to statement '%s'".formatted(name, statement.name()));
  }

  private static Map<String, @Nullable String> own(Run run) {
    RunFacts facts = new RunFacts(run.schedule(), run.order(), run.attempt());
    Map<String, @Nullable String> own = new HashMap<>();
    own.put(RUN_ID, facts.run().toString());
    own.put(SCHEDULE_ID, run.schedule().id().toString());
    own.put(SCHEDULED_TIME, run.order().nominalAt().toString());
    own.put(LOCAL_TIME, run.order().nominalLocal().toString());
    own.put(ZONE, facts.zone());
    own.put(KIND, facts.kind());
    own.put(ATTEMPT, Integer.toString(run.attempt().number()));
    own.put(INPUT, run.input());
    return own;
  }

  private static @Nullable String text(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return value.isContainerNode() ? value.toString() : value.asText();
  }
}
