package dev.carillon.server.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.Names;
import dev.carillon.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags that say what a schedule is. */
final class ScheduleFlags {

  private static final int INVALID = 2;

  @Mixin private Texts texts = new Texts();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "read fields as the API has them from a file, - for standard input; flags win over it")
  private @Nullable Path file;

  @Option(
      names = "--target",
      paramLabel = "JSON",
      description = {
        "what it does, an object with its kind:",
        "{\"kind\":\"webhook\",\"endpoint\":\"default\"} tells an endpoint;",
        "{\"kind\":\"sql\",\"statement\":\"close_day\",\"parameters\":{\"branch\":7}} runs a"
            + " statement of SQL_STATEMENTS_FILE;",
        "{\"kind\":\"queue\",\"queue\":\"reports\"} puts a row into queue_message"
      })
  private @Nullable String target;

  @Option(names = "--tag", paramLabel = "TAG", description = "a word to find it by; repeatable")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--retry",
      paramLabel = "TIME",
      description =
          "how long a failed run waits for its next attempt, such as 30s; repeatable: --retry 30s"
              + " --retry 5m is three attempts at most (16 attempts, 1s to 1h apart)")
  private List<String> retry = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "DATE",
      description = "a local date on which it does not fire, such as 2027-12-25; repeatable")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--calendar",
      paramLabel = "NAME",
      description = "a calendar on whose dates it does not fire; repeatable")
  private List<String> calendars = new ArrayList<>();

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "how often a run is tried, in place of --retry (16)")
  private @Nullable Integer maxAttempts;

  @Option(
      names = "--max-catch-up",
      paramLabel = "N",
      description = "how many missed firings are run at most, by --misfire fire_all (100)")
  private @Nullable Integer maxCatchUp;

  @Option(
      names = "--pause-on-failure",
      negatable = true,
      description = "pause it when a run fails for good")
  private @Nullable Boolean pauseOnFailure;

  /** The fields that are texts, as they are written. */
  static final class Texts {
    final Map<String, String> fields = new LinkedHashMap<>();

    @Option(names = "--name", paramLabel = "NAME", description = Names.ALLOWED)
    void name(String value) {
      fields.put("name", value);
    }

    @Option(
        names = "--group",
        paramLabel = "GROUP",
        description = "which schedules it belongs with (default)")
    void group(String value) {
      fields.put("group", value);
    }

    @Option(names = "--description", paramLabel = "TEXT", description = "what it is for")
    void description(String value) {
      fields.put("description", value);
    }

    @Option(
        names = "--expression",
        paramLabel = "EXPRESSION",
        description = "rate(...), cron(...), at(...), yearly(...) or rrule(...)")
    void expression(String value) {
      fields.put("expression", value);
    }

    @Option(
        names = "--zone",
        paramLabel = "ZONE",
        description = "the time zone whose wall clock it means, such as Europe/Paris (UTC)")
    void zone(String value) {
      fields.put("zone", value);
    }

    @Option(
        names = "--input",
        paramLabel = "TEXT",
        description = "what the target is handed, a template; JSON or a text")
    void input(String value) {
      fields.put("input", value);
    }

    @Option(
        names = "--gap",
        paramLabel = "POLICY",
        description = "what a time does that the clocks skip: skip, shift_forward or end_of_gap")
    void gap(String value) {
      fields.put("gap", value);
    }

    @Option(
        names = "--overlap",
        paramLabel = "POLICY",
        description = "which of two equal times is meant: first, second or both (first)")
    void overlap(String value) {
      fields.put("overlap", value);
    }

    @Option(
        names = "--misfire",
        paramLabel = "POLICY",
        description = "what is run of what was missed: fire_once, fire_all or skip (fire_once)")
    void misfire(String value) {
      fields.put("misfire", value);
    }

    @Option(
        names = "--catch-up",
        paramLabel = "TIME",
        description = "how long ago a missed firing may be to be run all the same, such as 2h (1d)")
    void catchUp(String value) {
      fields.put("catch_up", value);
    }

    @Option(
        names = "--run-overlap",
        paramLabel = "POLICY",
        description =
            "what comes of a firing while a run goes on: allow, skip, buffer_one, buffer_all or cancel_other (allow)")
    void runOverlap(String value) {
      fields.put("run_overlap", value);
    }

    @Option(
        names = "--jitter",
        paramLabel = "TIME",
        description = "the flexible window: it fires within so long of its time, such as 5m (0s)")
    void jitter(String value) {
      fields.put("jitter", value);
    }

    @Option(
        names = "--start",
        paramLabel = "INSTANT",
        description = "nothing fires before, such as 2027-01-01T00:00:00Z")
    void start(String value) {
      fields.put("start", value);
    }

    @Option(names = "--end", paramLabel = "INSTANT", description = "nothing fires after")
    void end(String value) {
      fields.put("end", value);
    }

    @Option(
        names = "--max-age",
        paramLabel = "TIME",
        description =
            "how long after a run was due an attempt may begin, such as 10m; later it fails (no limit)")
    void maxAge(String value) {
      fields.put("max_age", value);
    }

    @Option(
        names = "--after-last-run",
        paramLabel = "POLICY",
        description = "what becomes of it when it fires no more: keep or delete (keep)")
    void afterLastRun(String value) {
      fields.put("after_last_run", value);
    }
  }

  /**
   * The fields that were given, as the API has them.
   *
   * @throws CommandFailed if a file or a JSON object cannot be read
   */
  ObjectNode body() {
    ObjectNode body = file == null ? Json.object() : ScheduleVerbs.object("--file", read(file));
    texts.fields.forEach(body::put);
    if (target != null) {
      body.set("target", ScheduleVerbs.object("--target", target));
    }
    putAll(body, "tags", tags);
    putAll(body, "retry", retry);
    putAll(body, "excluded_dates", excluded);
    putAll(body, "calendars", calendars);
    if (maxAttempts != null) {
      body.put("max_attempts", maxAttempts);
    }
    if (maxCatchUp != null) {
      body.put("max_catch_up", maxCatchUp);
    }
    if (pauseOnFailure != null) {
      body.put("pause_on_failure", pauseOnFailure);
    }
    return body;
  }

  private static void putAll(ObjectNode body, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = body.putArray(field);
      values.forEach(array::add);
    }
  }

  /** A file's text, or standard input's. */
  static String read(Path file) {
    try {
      return file.toString().equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailed(INVALID, "cannot read %s as a text in UTF-8".formatted(file));
    }
  }
}
