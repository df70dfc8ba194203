package dev.carillon.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, read one by one; everything that is wrong is told at once when
 * {@link #check} is called.
 */
public final class JsonFields {

  /** How many fields that mean nothing are told at most: a body may have thousands. */
  public static final int MAX_UNKNOWN_TOLD = 10;

  private final JsonNode object;
  private final List<FieldError> errors = new ArrayList<>();

  /**
   * The fields of a body.
   *
   * @param known the names that mean something; any other is an error
   * @throws ProblemException 400 if it is no object
   */
  public JsonFields(JsonNode body, Set<String> known) {
    if (!body.isObject()) {
      throw new ProblemException(Problem.of(400, "the body must be a JSON object"));
    }
    this.object = body;
    String told = "is not known: these are: " + String.join(", ", new TreeSet<>(known));
    body.propertyStream()
        .map(Map.Entry::getKey)
        .filter(name -> !known.contains(name))
        .limit(MAX_UNKNOWN_TOLD)
        .forEach(name -> error(shown(name), told));
  }

  /** Whether a field is there, be it null. */
  public boolean has(String field) {
    return object.has(field);
  }

  /** Whether a field is there and is null. */
  public boolean isNull(String field) {
    return object.path(field).isNull();
  }

  /** A text that must be there and that {@code read} understands; null if it is wrong. */
  public <T> @Nullable T required(
      String field, String allowed, Function<String, Optional<T>> read) {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      error(field, "is needed: " + allowed);
      return null;
    }
    return optional(field, allowed, read);
  }

  /** A text that {@code read} understands; null if it is missing or wrong. */
  public <T> @Nullable T optional(
      String field, String allowed, Function<String, Optional<T>> read) {
    return value(
        field,
        allowed,
        value -> value.isTextual() ? read.apply(value.textValue()) : Optional.empty());
  }

  /** A whole number from {@code least} to {@code most}; null if it is missing or wrong. */
  public @Nullable Integer integer(String field, int least, int most) {
    return value(
        field,
        "a whole number from %d to %d".formatted(least, most),
        value ->
            value.isIntegralNumber() && value.canConvertToInt()
                ? Optional.of(value.intValue()).filter(n -> n >= least && n <= most)
                : Optional.empty());
  }

  /** A number from {@code least} to {@code most}; null if it is missing or wrong. */
  public @Nullable Double number(String field, double least, double most) {
    return value(
        field,
        "a number from %s to %s".formatted(plain(least), plain(most)),
        value ->
            value.isNumber()
                ? Optional.of(value.doubleValue()).filter(n -> n >= least && n <= most)
                : Optional.empty());
  }

  /** A yes or no; null if it is missing or wrong. */
  public @Nullable Boolean flag(String field) {
    return value(
        field,
        "true or false",
        value -> value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty());
  }

  /** A text or a list of texts that {@code read} understands; null if it is missing or wrong. */
  public <T> @Nullable T textOrTexts(
      String field, String allowed, Function<List<String>, Optional<T>> read) {
    return value(field, allowed, value -> texts(value).flatMap(read));
  }

  /** An object; null if it is missing or wrong. */
  public @Nullable ObjectNode object(String field) {
    return value(
        field,
        "an object",
        value -> value instanceof ObjectNode node ? Optional.of(node) : Optional.empty());
  }

  /** Any value but null; null if it is missing. */
  public @Nullable JsonNode any(String field) {
    return value(field, "a value", Optional::of);
  }

  /** Notes that a field is wrong, for a reason that only its reader knows. */
  public void error(String field, String detail) {
    error(new FieldError(field, detail));
  }

  /** Notes what is wrong with a field. */
  public void error(FieldError error) {
    errors.add(error);
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException 400 with every error so far
   */
  public void check() {
    if (!errors.isEmpty()) {
      throw new ProblemException(Problem.invalid(errors));
    }
  }

  private <T> @Nullable T value(
      String field, String allowed, Function<JsonNode, Optional<T>> read) {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    Optional<T> result = read.apply(value);
    if (result.isEmpty()) {
      error(field, "must be " + allowed);
    }
    return result.orElse(null);
  }

  private static Optional<List<String>> texts(JsonNode value) {
    if (value.isTextual()) {
      return Optional.of(List.of(value.textValue()));
    }
    boolean texts = value.isArray() && value.valueStream().allMatch(JsonNode::isTextual);
    return texts
        ? Optional.of(value.valueStream().map(JsonNode::textValue).toList())
        : Optional.empty();
  }

  private static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  private static String shown(String name) {
    return name.length() <= FieldError.MAX_SHOWN
        ? name
        : name.substring(0, FieldError.MAX_SHOWN) + "...";
  }
}
