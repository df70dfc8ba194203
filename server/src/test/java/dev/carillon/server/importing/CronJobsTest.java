package dev.carillon.server.importing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.importing.Item.Ready;
import dev.carillon.server.importing.Item.Refused;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronJobsTest {

  private static final Defaults DEFAULTS =
      new Defaults(ZoneId.of("UTC"), null, null, Instant.parse("2027-01-01T00:00:00Z"));

  private static final String FULL =
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata:
        name: report
        namespace: billing
      spec:
        schedule: "0 9 * * 1-5"
        timeZone: Europe/Paris
        suspend: true
        concurrencyPolicy: Forbid
        startingDeadlineSeconds: 200
        jobTemplate:
          spec:
            backoffLimit: 4
            template:
              spec:
                containers:
                - name: main
                  image: registry.example/report:1
                  command: ["/bin/report"]
                  args: ["--all"]
      """;

  @Test
  void aCronJobKeepsItsZoneItsPoliciesAndWhatItRuns() {
    JsonNode body = ready(FULL).body();

    assertThat(body.path("name").textValue()).isEqualTo("report");
    assertThat(body.path("group").textValue()).isEqualTo("billing");
    assertThat(body.path("expression").textValue()).isEqualTo("cron(0 9 ? * 2-6 *)");
    assertThat(body.path("zone").textValue()).isEqualTo("Europe/Paris");
    assertThat(body.path("enabled").booleanValue()).isFalse();
    assertThat(body.path("run_overlap").textValue()).isEqualTo("skip");
    assertThat(body.path("misfire").textValue()).isEqualTo("fire_once");
    assertThat(body.path("catch_up").textValue()).isEqualTo("200s");
    assertThat(body.path("max_attempts").intValue()).isEqualTo(5);
    assertThat(body.path("input"))
        .hasToString(
            "{\"job\":\"report\",\"image\":\"registry.example/report:1\","
                + "\"command\":[\"/bin/report\"],\"args\":[\"--all\"]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "@every 90m               | rate(90 minutes)",
        "@every 1h                | rate(1 hour)",
        "@every 1h30s             | rate(3630 seconds)",
        "@daily                   | cron(0 0 * * ? *)",
        "5/20 * * * *             | cron(5/20 * * * ? *)",
        "0 9 ? * 1                | cron(0 9 ? * 2 *)",
        "CRON_TZ=UTC 0 9 * * *    | cron(0 9 * * ? *)"
      })
  void whatOnlyKubernetesKnowsIsKnown(String schedule, String expression) {
    assertThat(ready(job(schedule)).body().path("expression").textValue()).isEqualTo(expression);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "0 9 * * 7       | '7' is not one of the days of the week",
        "0 9 */2 * 1     | days that are '*/2' of the month or '1' of the week",
        "@every soon     | is no duration",
        "@every 0s       | is no duration of at least a second",
        "@every_minute x | is not known",
        "0 9 * *         | has 4 fields"
      })
  void whatHasNoEqualIsRefused(String schedule, String reason) {
    assertThat(read(job(schedule)))
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  @Test
  void oneWithoutAZoneIsTakenAsUtcAndThatIsTold() {
    assertThat(ready(job("@daily")).notes()).containsExactly("it has no timeZone: taken as UTC");
  }

  @Test
  void documentsAndListsAreReadAndOtherKindsAreTold() {
    List<Item> items =
        read(
            FULL
                + "---\nkind: Service\nmetadata: {name: web}\n"
                + "---\nkind: List\nitems:\n- {kind: CronJob, metadata: {name: a}, spec: {schedule: '@daily', concurrencyPolicy: Replace}}\n"
                + "- {kind: CronJob, metadata: {name: b}, spec: {schedule: '@daily', concurrencyPolicy: Never}}\n");

    assertThat(items).hasSize(4);
    assertThat(((Refused) items.get(1)).reason()).isEqualTo("'Service' is no CronJob");
    assertThat(((Ready) items.get(2)).body().path("run_overlap").textValue())
        .isEqualTo("cancel_other");
    assertThat(((Refused) items.get(3)).reason()).contains("none of Allow, Forbid and Replace");
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() {
    assertThat(read("kind: CronJob\nmetadata: {name: [a\n"))
        .singleElement()
        .isInstanceOf(Refused.class);
  }

  @Test
  void theFormatIsGuessed() {
    assertThat(ImportFormat.guess(FULL)).isEqualTo(ImportFormat.CRONJOB);
    assertThat(ImportFormat.guess("{\n \"apiVersion\": \"batch/v1\"}"))
        .isEqualTo(ImportFormat.CRONJOB);
    assertThat(ImportFormat.guess(" {\"Name\": \"a\"}")).isEqualTo(ImportFormat.EVENTBRIDGE);
    assertThat(ImportFormat.guess("[]")).isEqualTo(ImportFormat.EVENTBRIDGE);
    assertThat(ImportFormat.guess("# mine\n0 9 * * * x")).isEqualTo(ImportFormat.CRONTAB);
  }

  private static String job(String schedule) {
    return "kind: CronJob\nmetadata: {name: j}\nspec: {schedule: \"%s\"}\n".formatted(schedule);
  }

  private static Ready ready(String yaml) {
    List<Item> items = read(yaml);
    assertThat(items).singleElement().isInstanceOf(Ready.class);
    return (Ready) items.getFirst();
  }

  private static List<Item> read(String yaml) {
    return CronJobs.read(yaml, DEFAULTS);
  }
}
