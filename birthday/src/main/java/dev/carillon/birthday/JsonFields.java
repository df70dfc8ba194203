package dev.carillon.birthday;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object's fields, read one by one; what is wrong with each is collected, never thrown. A
 * field that is missing or null has no value.
 */
final class JsonFields {

  /** The most unknown fields that are reported; the rest would tell nothing new. */
  static final int MAX_UNKNOWN = 10;

  private static final int MAX_SHOWN_NAME = 64;
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}(:[0-9]{2})?");

  private final JsonNode object;
  private final List<FieldError> errors = new ArrayList<>();

  JsonFields(JsonNode object) {
    this.object = object;
  }

  List<FieldError> errors() {
    return errors;
  }

  void error(String field, String message) {
    errors.add(new FieldError(field, message));
  }

  boolean has(String field) {
    return object.hasNonNull(field);
  }

  void rejectUnknown(List<String> known) {
    Iterator<String> names = object.fieldNames();
    int unknown = 0;
    while (names.hasNext() && unknown < MAX_UNKNOWN) {
      String name = names.next();
      if (!known.contains(name)) {
        unknown++;
        error(shown(name), "is not a known field: " + String.join(", ", known) + " are");
      }
    }
  }

  /** A text that {@code read} understands; reports a field that has no value as missing. */
  <T> @Nullable T required(String field, String allowed, Function<String, Optional<T>> read) {
    if (!has(field)) {
      error(field, "is required: " + allowed);
      return null;
    }
    return optional(field, allowed, read);
  }

  /** A text that {@code read} understands; null without a report if the field has no value. */
  <T> @Nullable T optional(String field, String allowed, Function<String, Optional<T>> read) {
    if (!has(field)) {
      return null;
    }
    JsonNode value = object.get(field);
    Optional<T> result = value.isTextual() ? read.apply(value.textValue()) : Optional.empty();
    if (result.isEmpty()) {
      error(field, "must be " + allowed);
    }
    return result.orElse(null);
  }

  /** A whole number from {@code least} to {@code most}; {@code otherwise} if it has no value. */
  int integer(String field, int least, int most, @Nullable Integer otherwise) {
    if (!has(field) && otherwise != null) {
      return otherwise;
    }
    JsonNode value = object.path(field);
    if (value.isIntegralNumber() && value.canConvertToInt()) {
      int number = value.intValue();
      if (number >= least && number <= most) {
        return number;
      }
    }
    error(field, "must be a whole number from %d to %d".formatted(least, most));
    return least;
  }

  static Optional<LocalDate> date(String text) {
    return DATE.matcher(text).matches() ? read(() -> LocalDate.parse(text)) : Optional.empty();
  }

  static Optional<LocalTime> time(String text) {
    return TIME.matcher(text).matches() ? read(() -> LocalTime.parse(text)) : Optional.empty();
  }

  /** Reads one of the constants, in capitals as they are named. */
  static <E extends Enum<E>> Function<String, Optional<E>> constant(Class<E> type) {
    return text ->
        Arrays.stream(type.getEnumConstants())
            .filter(constant -> constant.name().equals(text))
            .findFirst();
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> Optional<T> read(Reading<T> reading) {
    try {
      return Optional.of(reading.read());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A name that came from outside, fit to be printed: cut, and without controls. */
  private static String shown(String name) {
    return name.codePoints()
        .limit(MAX_SHOWN_NAME)
        .map(c -> PersonName.isControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
