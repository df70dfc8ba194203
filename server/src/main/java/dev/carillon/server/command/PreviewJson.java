package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.preview.Preview;
import dev.carillon.schedule.preview.PreviewRequest;
import dev.carillon.schedule.preview.PreviewRequest.Answer;
import dev.carillon.schedule.preview.PreviewRequest.Bad;
import dev.carillon.schedule.preview.PreviewRequest.Good;
import dev.carillon.server.http.Json;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Previews of schedules as JSON: a request a line, an answer a line. */
final class PreviewJson {

  private static final String COUNT = "count";
  private static final Set<String> TEXTS =
      Set.of("expression", "zone", "after", "gap", "overlap", "dtstart");

  private PreviewJson() {}

  /** Reads a request. Never throws for anything the line contains. */
  static Answer read(String line, TimeZones zones, Instant now) {
    JsonNode object = Json.line(line).filter(JsonNode::isObject).orElse(null);
    if (object == null) {
      return new Bad("each line must be a JSON object, with \"expression\" at least", 0);
    }
    String wrong = wrong(object);
    if (wrong != null) {
      return new Bad(wrong, 0);
    }
    JsonNode count = object.path(COUNT);
    return new PreviewRequest(
            text(object, "expression"),
            text(object, "zone"),
            text(object, "after"),
            count.isIntegralNumber() ? (Integer) count.intValue() : null,
            text(object, "gap"),
            text(object, "overlap"),
            text(object, "dtstart"))
        .read(zones, now);
  }

  /**
   * {@code {"valid":true,"next":[...]}}, with the reason as {@code never} where there is no next
   * time, or {@code {"valid":false,"error":...,"column":...}}.
   */
  static String answer(Answer answer) {
    return switch (answer) {
      case Good good -> times(good.preview());
      case Bad bad ->
          Json.object()
              .put("valid", false)
              .put("error", bad.error())
              .put("column", bad.column())
              .toString();
    };
  }

  private static String times(Preview preview) {
    ObjectNode json = Json.object().put("valid", true);
    ArrayNode next = json.putArray("next");
    Preview.Found found = preview.find();
    for (Occurrence occurrence : found.occurrences()) {
      next.add(occurrence.instant().toString());
    }
    if (found.occurrences().isEmpty()) {
      json.put("never", found.end());
    }
    return json.toString();
  }

  private static @Nullable String wrong(JsonNode object) {
    for (var field : object.properties()) {
      JsonNode value = field.getValue();
      if (field.getKey().equals(COUNT)) {
        if (!value.isNull() && !(value.isIntegralNumber() && value.canConvertToInt())) {
          return "count must be a whole number from 1 to " + Preview.MAX_COUNT;
        }
      } else if (!TEXTS.contains(field.getKey())) {
        return "a field is not known: expression, zone, after, count, gap, overlap, dtstart are";
      } else if (!value.isNull() && !value.isTextual()) {
        return field.getKey() + " must be a text";
      }
    }
    return null;
  }

  private static @Nullable String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isTextual() ? value.textValue() : null;
  }
}
