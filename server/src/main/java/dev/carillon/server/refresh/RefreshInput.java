package dev.carillon.server.refresh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.drain.Asked.Invalid;
import dev.carillon.refresh.drain.Wish;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.request.Priority;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants fetched again.
 *
 * @param wishes what can be read
 * @param places where each wish stood, counted from 0
 * @param unread what cannot be read
 * @param isOne whether it is one object, and no list
 */
record RefreshInput(List<Wish> wishes, List<Integer> places, List<Invalid> unread, boolean isOne) {

  static final String PRIORITY = "priority";

  /** Which it is if none is said. */
  static final String PRIORITY_USUAL = "if it is not said, war critical, clan high, player medium";

  /** The most requests of one call. */
  static final int MOST = RefreshQueue.MAX_BATCH;

  private static final String SOURCE = "source";
  private static final String TYPE = "type";
  private static final String TAG = "tag";
  private static final String REQUESTED_AT = "requested_at";
  private static final Set<String> FIELDS = Set.of(SOURCE, TYPE, TAG, PRIORITY, REQUESTED_AT);

  RefreshInput {
    wishes = List.copyOf(wishes);
    places = List.copyOf(places);
    unread = List.copyOf(unread);
  }

  /**
   * Reads an object, or a list of objects.
   *
   * @throws ProblemException 400 if it is neither, or an object that is wrong, or a list of none or
   *     of too many; in a list, what is wrong is told of each
   */
  static RefreshInput of(JsonNode body) {
    if (!body.isArray()) {
      return new RefreshInput(List.of(wish(body)), List.of(0), List.of(), true);
    }
    if (body.isEmpty() || body.size() > MOST) {
      throw new ProblemException(
          Problem.of(
              400,
              "a list of 1 to %d requests is allowed, not of %d".formatted(MOST, body.size())));
    }
    List<Wish> wishes = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    List<Invalid> unread = new ArrayList<>();
    for (int i = 0; i < body.size(); i++) {
      try {
        wishes.add(wish(body.get(i)));
        places.add(i);
      } catch (ProblemException e) {
        unread.add(new Invalid(i, reason(e.problem())));
      }
    }
    return new RefreshInput(wishes, places, unread, false);
  }

  /** Everything that is wrong, by the place in the list. */
  List<Invalid> invalid(List<Invalid> refused) {
    return Stream.concat(
            unread.stream(),
            refused.stream().map(one -> new Invalid(places.get(one.index()), one.reason())))
        .sorted(Comparator.comparingInt(Invalid::index))
        .toList();
  }

  /** A reason that begins with the name of a field, as a problem of that field. */
  static Problem problem(String reason) {
    int blank = reason.indexOf(' ');
    return blank < 1
        ? Problem.of(400, reason)
        : Problem.invalid(reason.substring(0, blank), reason.substring(blank + 1));
  }

  private static Wish wish(JsonNode body) {
    JsonFields fields = new JsonFields(body, FIELDS);
    String source = fields.optional(SOURCE, "a source's name", Optional::of);
    String type = fields.required(TYPE, "a type of records, such as clan", Optional::of);
    String tag = fields.required(TAG, "a record's tag, such as #2PP", Optional::of);
    Priority priority = priority(fields);
    Instant requestedAt =
        fields.optional(REQUESTED_AT, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    fields.check();
    // Both are there, or the check had failed.
    return new Wish(source, String.valueOf(type), String.valueOf(tag), priority, requestedAt);
  }

  private static @Nullable Priority priority(JsonFields fields) {
    JsonNode value = fields.any(PRIORITY);
    if (value == null) {
      return null;
    }
    Optional<Priority> priority =
        value.isTextual() || value.isIntegralNumber()
            ? Priority.named(value.asText())
            : Optional.empty();
    if (priority.isEmpty()) {
      fields.error(PRIORITY, "must be " + Priority.ALLOWED);
    }
    return priority.orElse(null);
  }

  private static String reason(Problem problem) {
    return problem.errors().isEmpty()
        ? problem.detail().replace("the body", "it")
        : problem.errors().stream()
            .map((FieldError error) -> error.field() + " " + error.detail())
            .collect(Collectors.joining("; "));
  }
}
