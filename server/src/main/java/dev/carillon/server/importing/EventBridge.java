package dev.carillon.server.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code aws scheduler get-schedule} and {@code aws events describe-rule} print, one after
 * another or in a list; and their lists, as far as those tell enough.
 */
final class EventBridge {

  private static final int MOST_ATTEMPTS = 100;
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+)\\s+(minute|hour|day)s?\\)");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Defaults defaults;
  private final List<Item> items = new ArrayList<>();

  private EventBridge(Defaults defaults) {
    this.defaults = defaults;
  }

  static List<Item> read(String text, Defaults defaults) {
    EventBridge export = new EventBridge(defaults);
    try (JsonParser parser = MAPPER.createParser(text)) {
      for (JsonNode next = MAPPER.readTree(parser); next != null; next = MAPPER.readTree(parser)) {
        export.add(next);
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      export.items.add(new Item.Refused("line " + line, "not JSON from here on"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return export.items;
  }

  private void add(JsonNode node) {
    if (node.isArray()) {
      node.forEach(this::add);
    } else if (node.path("Schedules").isArray()) {
      node.path("Schedules").forEach(this::add);
    } else if (node.path("Rules").isArray()) {
      node.path("Rules").forEach(this::add);
    } else {
      String name = node.path("Name").asText("");
      String where = name.isEmpty() ? "object %d".formatted(items.size() + 1) : "schedule " + name;
      try {
        items.add(schedule(where, name, node));
      } catch (Unconvertible e) {
        items.add(new Item.Refused(where, e.reason()));
      }
    }
  }

  private Item schedule(String where, String name, JsonNode node) throws Unconvertible {
    String expression = expression(name, node);
    ZoneId zone = UTC;
    if (node.hasNonNull("ScheduleExpressionTimezone")) {
      zone = Defaults.zone(node.path("ScheduleExpressionTimezone").asText());
    }
    List<String> notes = new ArrayList<>();
    ObjectNode body = defaults.body(name, expression, zone);
    text(node, "GroupName", body, "group");
    text(node, "Description", body, "description");
    time(node, "StartDate", body, "start");
    time(node, "EndDate", body, "end");
    if (node.path("State").asText().equals("DISABLED")) {
      body.put("enabled", false);
    }
    if (node.path("ActionAfterCompletion").asText().equals("DELETE")) {
      body.put("after_last_run", "delete");
    }
    JsonNode window = node.path("FlexibleTimeWindow");
    if (window.path("Mode").asText().equals("FLEXIBLE")) {
      body.put("jitter", window.path("MaximumWindowInMinutes").asInt() + "m");
    }
    target(node.path("Target"), body, notes);
    return new Item.Ready(where, body, notes);
  }

  private static String expression(String name, JsonNode node) throws Unconvertible {
    if (name.isEmpty()) {
      throw new Unconvertible(
          "it has no Name: what get-schedule or describe-rule prints is needed");
    }
    String expression = node.path("ScheduleExpression").asText("");
    if (!expression.isEmpty()) {
      return RATE.matcher(expression).replaceAll(found -> rate(found.group(1), found.group(2)));
    }
    throw new Unconvertible(
        node.hasNonNull("EventPattern")
            ? "the rule waits for events, not for a time"
            : "it has no ScheduleExpression, which list-schedules leaves out: use what get-schedule prints");
  }

  /** EventBridge Scheduler takes {@code rate(1 minutes)} too, and {@code rate(5 minute)}. */
  private static String rate(String count, String unit) {
    String plural = count.matches("0*1") ? "" : "s";
    return "rate(%s %s%s)".formatted(count, unit, plural);
  }

  private void target(JsonNode target, ObjectNode body, List<String> notes) {
    text(target, "Input", body, "input");
    JsonNode retry = target.path("RetryPolicy");
    if (retry.path("MaximumEventAgeInSeconds").isNumber()) {
      body.put("max_age", retry.path("MaximumEventAgeInSeconds").asInt() + "s");
    }
    if (retry.path("MaximumRetryAttempts").isNumber()) {
      int attempts = retry.path("MaximumRetryAttempts").asInt() + 1;
      body.put("max_attempts", Math.min(attempts, MOST_ATTEMPTS));
      if (attempts > MOST_ATTEMPTS) {
        notes.add("%d attempts in place of %d".formatted(MOST_ATTEMPTS, attempts));
      }
    }
    if (target.hasNonNull("DeadLetterConfig")) {
      notes.add("its dead letters stay here: see /v1/dead-letters");
    }
  }

  private static void text(JsonNode from, String field, ObjectNode body, String as) {
    if (from.path(field).isTextual()) {
      body.put(as, from.path(field).textValue());
    }
  }

  private static void time(JsonNode from, String field, ObjectNode body, String as)
      throws Unconvertible {
    @Nullable JsonNode value = from.get(field);
    if (value == null || value.isNull()) {
      return;
    }
    try {
      Instant instant =
          value.isNumber()
              ? Instant.ofEpochMilli(Math.round(value.doubleValue() * 1_000))
              : OffsetDateTime.parse(value.asText()).toInstant();
      body.put(as, instant.toString());
    } catch (DateTimeException e) {
      throw new Unconvertible("%s is no time: %s".formatted(field, value.asText()));
    }
  }
}
