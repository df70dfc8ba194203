package dev.carillon.server.view;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.registry.Wanted;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Views as requests want them. */
final class ViewInput {

  static final String NAME = "name";
  static final String QUERY = "query";
  static final String INCREMENTAL = "incremental";
  static final String TIER = "tier";
  static final String KEYS = "keys";
  static final String INTERVAL = "interval";
  static final String OBJECTIVE = "objective";

  private static final Set<String> FIELDS =
      Set.of(NAME, QUERY, INCREMENTAL, TIER, KEYS, INTERVAL, OBJECTIVE);

  /** The longest name of a column: PostgreSQL cuts longer ones off. */
  private static final int MAX_COLUMN_LENGTH = 63;

  private static final String QUERY_ALLOWED =
      "a SELECT of 1 to %d characters".formatted(RegisteredView.MAX_QUERY_LENGTH);
  private static final String TIERS =
      Stream.of(Tier.values()).map(Tier::word).collect(Collectors.joining(", "));
  private static final String SPAN_ALLOWED = TimeSpan.ALLOWED + ", from 100ms to 366d";

  private ViewInput() {}

  /**
   * The view that a body wants.
   *
   * @throws ProblemException 400 with everything that is wrong
   */
  static Wanted wanted(JsonNode body) {
    JsonFields fields = new JsonFields(body, FIELDS);
    ViewName name = fields.required(NAME, ViewNames.ALLOWED, ViewNames::find);
    String query = fields.optional(QUERY, QUERY_ALLOWED, ViewInput::query);
    List<Tier> tiers = tiers(fields);
    List<String> keys = keys(fields);
    Duration interval = fields.optional(INTERVAL, SPAN_ALLOWED, ViewInput::span);
    Duration objective = fields.optional(OBJECTIVE, SPAN_ALLOWED, ViewInput::span);
    if (!tiers.equals(Wanted.WHOLE) && (!fields.has(QUERY) || fields.isNull(QUERY))) {
      fields.error(QUERY, "is needed for an incremental view: " + QUERY_ALLOWED);
    }
    fields.check();
    return new Wanted(
        requireNonNull(name, "fields.check() lets no null pass"),
        query,
        tiers,
        keys,
        or(interval, RegisteredView.DEFAULT_INTERVAL),
        or(objective, RegisteredView.DEFAULT_OBJECTIVE));
  }

  /** A query that is to be explained, and the columns that tell its rows apart. */
  record Asked(String query, List<String> keys) {}

  /**
   * The query that a body wants explained.
   *
   * @throws ProblemException 400 if there is none
   */
  static Asked asked(JsonNode body) {
    JsonFields fields = new JsonFields(body, Set.of(QUERY, KEYS));
    String query = fields.required(QUERY, QUERY_ALLOWED, ViewInput::query);
    List<String> keys = keys(fields);
    fields.check();
    return new Asked(requireNonNull(query, "fields.check() lets no null pass"), keys);
  }

  private static List<Tier> tiers(JsonFields fields) {
    Boolean incremental = fields.flag(INCREMENTAL);
    Tier tier =
        fields.optional(
            TIER,
            TIERS,
            word -> Stream.of(Tier.values()).filter(one -> one.word().equals(word)).findFirst());
    if (tier != null && incremental != null) {
      fields.error(TIER, "and incremental cannot both be given");
    }
    if (tier != null) {
      return List.of(tier);
    }
    return Boolean.TRUE.equals(incremental) ? Wanted.INCREMENTAL : Wanted.WHOLE;
  }

  private static List<String> keys(JsonFields fields) {
    List<String> keys =
        fields.textOrTexts(
            KEYS,
            "the names of up to %d columns, each once".formatted(RegisteredView.MAX_KEY_COLUMNS),
            ViewInput::keys);
    return keys == null ? List.of() : keys;
  }

  private static Optional<String> query(String text) {
    return Optional.of(text)
        .filter(query ->
            !query.isBlank()
                && query.length() <= RegisteredView.MAX_QUERY_LENGTH
                && query.indexOf('\0') < 0);
  }

  private static Optional<List<String>> keys(List<String> names) {
    boolean good =
        names.size() <= RegisteredView.MAX_KEY_COLUMNS
            && new HashSet<>(names).size() == names.size()
            && names.stream()
                .allMatch(name ->
                    !name.isBlank()
                        && name.length() <= MAX_COLUMN_LENGTH
                        && name.indexOf('\0') < 0);
    return good ? Optional.of(names) : Optional.empty();
  }

  private static Optional<Duration> span(String text) {
    return TimeSpan.parse(text)
        .filter(span ->
            span.compareTo(RegisteredView.SHORTEST) >= 0
                && span.compareTo(RegisteredView.LONGEST) <= 0);
  }

  private static Duration or(@Nullable Duration given, Duration otherwise) {
    return given == null ? otherwise : given;
  }
}
