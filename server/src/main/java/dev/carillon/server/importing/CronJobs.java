package dev.carillon.server.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.carillon.server.http.Json;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes CronJobs, as YAML or JSON: any number of documents, and lists of them. The first
 * container's image, command and arguments become the schedule's input.
 */
final class CronJobs {

  private static final int MOST_ATTEMPTS = 100;
  private static final Pattern INLINE_ZONE = Pattern.compile("(?:CRON_)?TZ=(\\S+)\\s+(.+)");
  private static final YAMLMapper MAPPER = YAMLMapper.builder().build();

  private final Defaults defaults;
  private final List<Item> items = new ArrayList<>();

  private CronJobs(Defaults defaults) {
    this.defaults = defaults;
  }

  static List<Item> read(String text, Defaults defaults) {
    CronJobs jobs = new CronJobs(defaults);
    try (JsonParser parser = MAPPER.createParser(text)) {
      int line = 1;
      for (JsonNode next = MAPPER.readTree(parser); next != null; next = MAPPER.readTree(parser)) {
        jobs.add(line, next);
        line = parser.currentLocation().getLineNr();
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      jobs.items.add(new Item.Refused("line " + line, "not YAML from here on"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return jobs.items;
  }

  private void add(int line, @Nullable JsonNode document) {
    if (document == null || document.isNull() || document.isMissingNode()) {
      return;
    }
    if (document.path("items").isArray()) {
      document.path("items").forEach(item -> add(line, item));
      return;
    }
    String name = document.path("metadata").path("name").asText("");
    String where = name.isEmpty() ? "line %d".formatted(line) : "line %d, %s".formatted(line, name);
    try {
      items.add(schedule(where, name, document));
    } catch (Unconvertible e) {
      items.add(new Item.Refused(where, e.reason()));
    }
  }

  private Item schedule(String where, String name, JsonNode document) throws Unconvertible {
    String kind = document.path("kind").asText("");
    if (!kind.equals("CronJob") || name.isEmpty()) {
      throw new Unconvertible(
          kind.equals("CronJob")
              ? "it has no metadata.name"
              : "'%s' is no CronJob".formatted(kind));
    }
    JsonNode spec = document.path("spec");
    List<String> notes = new ArrayList<>();
    String schedule = spec.path("schedule").asText("");
    ZoneId zone = defaults.zone();
    Matcher inline = INLINE_ZONE.matcher(schedule);
    if (inline.matches()) {
      zone = Defaults.zone(inline.group(1));
      schedule = inline.group(2);
    } else if (spec.hasNonNull("timeZone")) {
      zone = Defaults.zone(spec.path("timeZone").asText());
    } else {
      notes.add("it has no timeZone: taken as " + zone);
    }
    CronLine when = CronLine.read(schedule, Dialect.KUBERNETES);
    ObjectNode body = defaults.body(name, when.expression(), zone);
    JsonNode namespace = document.path("metadata").path("namespace");
    if (namespace.isTextual()) {
      body.put("group", namespace.textValue());
    }
    policies(spec, body, notes);
    body.set("input", input(name, spec));
    return new Item.Ready(where, body, notes);
  }

  private static void policies(JsonNode spec, ObjectNode body, List<String> notes)
      throws Unconvertible {
    body.put("misfire", "fire_once");
    body.put("run_overlap", overlap(spec.path("concurrencyPolicy").asText("Allow")));
    if (spec.path("suspend").asBoolean()) {
      body.put("enabled", false);
    }
    JsonNode deadline = spec.path("startingDeadlineSeconds");
    if (deadline.isIntegralNumber()) {
      // Nothing is run whose deadline is zero; the shortest here is a second.
      body.put("catch_up", Math.max(1, deadline.longValue()) + "s");
    }
    JsonNode limit = spec.path("jobTemplate").path("spec").path("backoffLimit");
    if (limit.isIntegralNumber()) {
      long attempts = limit.longValue() + 1;
      body.put("max_attempts", Math.clamp(attempts, 1, MOST_ATTEMPTS));
      if (attempts > MOST_ATTEMPTS) {
        notes.add("%d attempts in place of %d".formatted(MOST_ATTEMPTS, attempts));
      }
    }
  }

  private static String overlap(String policy) throws Unconvertible {
    return switch (policy) {
      case "Allow" -> "allow";
      case "Forbid" -> "skip";
      case "Replace" -> "cancel_other";
      default ->
          throw new Unconvertible(
              "its concurrencyPolicy %s is none of Allow, Forbid and Replace".formatted(policy));
    };
  }

  private static ObjectNode input(String name, JsonNode spec) {
    ObjectNode input = Json.object().put("job", name);
    JsonNode container =
        spec.path("jobTemplate")
            .path("spec")
            .path("template")
            .path("spec")
            .path("containers")
            .path(0);
    for (String field : List.of("image", "command", "args")) {
      if (container.hasNonNull(field)) {
        input.set(field, container.get(field));
      }
    }
    return input;
  }
}
