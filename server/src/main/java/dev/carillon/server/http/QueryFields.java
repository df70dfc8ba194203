package dev.carillon.server.http;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, read one by one; everything that is wrong is told at once when {@link
 * #check} is called.
 */
public final class QueryFields {

  /** The parameter that says how long a page is. */
  public static final String LIMIT = "limit";

  /** The parameter that says where a page begins. */
  public static final String CURSOR = "cursor";

  /** How long a page is if nobody says. */
  public static final int DEFAULT_LIMIT = 50;

  /** How long a page is at most. */
  public static final int MAX_LIMIT = 500;

  /** What {@link #instantOf} takes. */
  public static final String INSTANT_ALLOWED =
      "a time with an offset in the years 1900 to 9999, such as 2026-11-22T09:00:00Z";

  // PostgreSQL's timestamps end long before Java's; nothing here is older than the oldest user.
  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private final MultivaluedMap<String, String> values;
  private final List<FieldError> errors = new ArrayList<>();

  /**
   * The parameters of a request.
   *
   * @param known the names that mean something; any other is an error
   */
  public QueryFields(UriInfo uri, Set<String> known) {
    this.values = uri.getQueryParameters();
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(known);
    unknown.forEach(name ->
        error(
            name.substring(0, Math.min(name.length(), FieldError.MAX_SHOWN)),
            "is not known: these are: " + String.join(", ", new TreeSet<>(known))));
  }

  /** A parameter that {@code read} understands; null if it is missing or wrong. */
  public <T> @Nullable T optional(String name, String allowed, Function<String, Optional<T>> read) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return null;
    }
    Optional<T> value = given.size() == 1 ? read.apply(given.getFirst()) : Optional.empty();
    if (value.isEmpty()) {
      error(name, "must be " + allowed + (given.size() > 1 ? ", once" : ""));
    }
    return value.orElse(null);
  }

  /** An id. */
  public @Nullable UUID id(String name) {
    return optional(name, "a UUID", PathIds::find);
  }

  /** An instant. */
  public @Nullable Instant instant(String name) {
    return optional(name, INSTANT_ALLOWED, QueryFields::instantOf);
  }

  /** How long the page is to be. */
  public int limit() {
    Integer limit = integer(LIMIT, MAX_LIMIT);
    return limit == null ? DEFAULT_LIMIT : limit;
  }

  /** A whole number from 1; null if it is missing or wrong. */
  public @Nullable Integer integer(String name, int most) {
    return optional(name, "a number from 1 to " + most, text -> number(text, most));
  }

  /** Where the page begins: after this id; null for the first page. */
  public @Nullable UUID cursor() {
    return optional(CURSOR, "the next_cursor of the page before", PathIds::find);
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

  /**
   * The instant that a text with an offset means; empty if it means none in the years 1900 to 9999.
   */
  public static Optional<Instant> instantOf(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant()).filter(QueryFields::isStorable);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether an instant is in the years 1900 to 9999. */
  public static boolean isStorable(Instant instant) {
    return !instant.isBefore(EARLIEST) && !instant.isAfter(LATEST);
  }

  private static Optional<Integer> number(String text, int most) {
    boolean plain =
        !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(QueryFields::digit);
    return plain
        ? Optional.of(Integer.valueOf(text)).filter(number -> number >= 1 && number <= most)
        : Optional.empty();
  }

  private static boolean digit(int character) {
    return character >= '0' && character <= '9';
  }

  private void error(String field, String detail) {
    errors.add(new FieldError(field, detail));
  }
}
