package dev.carillon.server.schedule;

import dev.carillon.schedule.expression.Spelling;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.settings.TimeSpan;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request says, beside what was. A field that is left out stays as it is; one that is null
 * goes back to its default.
 *
 * @param fields the request's
 */
record Given(JsonFields fields) {

  /** A value as it is to be; {@code read} is what was read of the field. */
  <T> T chosen(String field, @Nullable T read, T old, T byDefault) {
    if (read != null) {
      return read;
    }
    return fields.isNull(field) ? byDefault : old;
  }

  /** The same where null is a value. */
  <T> @Nullable T chosenOrNone(String field, @Nullable T read, @Nullable T old) {
    if (read != null) {
      return read;
    }
    return fields.isNull(field) ? null : old;
  }

  <E extends Enum<E>> @Nullable E choice(String field, Class<E> type) {
    return fields.optional(field, Spelling.allowed(type), text -> Spelling.read(type, text));
  }

  /** A duration of whole seconds. */
  @Nullable Duration span(String field, Duration least, Duration most) {
    String allowed =
        "a time of whole seconds from %s to %s, such as 5m"
            .formatted(TimeSpan.format(least), TimeSpan.format(most));
    return fields.optional(field, allowed, text -> spanOf(text, least, most));
  }

  static Optional<Duration> spanOf(String text, Duration least, Duration most) {
    return TimeSpan.parse(text)
        .filter(time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0)
        .filter(time -> time.equals(time.truncatedTo(ChronoUnit.SECONDS)));
  }

  /** A list of texts; a single one may stand for itself. */
  <T> @Nullable List<T> list(
      String field, int most, String allowed, Function<String, Optional<T>> read) {
    return fields.textOrTexts(
        field,
        "at most %d of: %s".formatted(most, allowed),
        texts -> {
          List<T> values = texts.stream().flatMap(text -> read.apply(text).stream()).toList();
          return values.size() == texts.size() && values.size() <= most
              ? Optional.of(values)
              : Optional.empty();
        });
  }

  void refuseNull(String field) {
    if (fields.isNull(field)) {
      fields.error(field, "must not be null: it has no default");
    }
  }

  void need(String field, String allowed) {
    if (!fields.has(field)) {
      fields.error(field, "is needed: " + allowed);
    }
  }
}
