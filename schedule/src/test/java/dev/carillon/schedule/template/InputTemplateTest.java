package dev.carillon.schedule.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.Runs;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Attempt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputTemplateTest {

  private static final int SECOND = 2;
  private static final int LATE = 75;

  private final Schedule schedule = Runs.schedule(Runs.noSettings(), null);
  private final Attempt attempt = Runs.attempt(schedule, SECOND, LATE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <aws.scheduler.scheduled-time>   | 2026-01-01T08:00:00Z
          <aws.scheduler.schedule-arn>     | arn:carillon:schedule:books/close-day
          <aws.scheduler.attempt-number>   | 2
          <carillon.scheduled-local-time>  | 2026-01-01T09:00:00
          <carillon.zone>                  | Europe/Paris
          <carillon.group>                 | books
          <carillon.name>                  | close-day
          <carillon.kind>                  | catch_up
          <carillon.lateness-seconds>      | 75
          <carillon.group>.<carillon.name> | books.close-day
          <b>at <carillon.kind></b>        | <b>at catch_up</b>
          <AWS.SCHEDULER.SCHEDULED-TIME>   | <AWS.SCHEDULER.SCHEDULED-TIME>
          <aws.events.rule-arn>            | <aws.events.rule-arn>
          <aws.scheduler.scheduled-time    | <aws.scheduler.scheduled-time
          """)
  void aTemplateBecomesAnInput(String template, String input) {
    assertThat(InputTemplate.problem(template)).isEmpty();
    assertThat(rendered(template)).isEqualTo(input);
  }

  @Test
  void theExecutionIsTheRun() {
    assertThat(rendered("<aws.scheduler.execution-id>")).isEqualTo("" + attempt.event().id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<aws.scheduler.time>",
        "<aws.scheduler.scheduled-time >",
        "<carillon.>",
        "{\"when\": \"<carillon.when>\"}"
      })
  void aVariableThatNobodyKnowsIsAProblem(String template) {
    assertThat(InputTemplate.problem(template))
        .hasValueSatisfying(problem ->
            assertThat(problem)
                .startsWith("has an unknown variable <")
                .contains("<aws.scheduler.scheduled-time>", "<carillon.kind>"));
    assertThatIllegalArgumentException().isThrownBy(() -> rendered(template));
  }

  @Nested
  class InJson {

    @Test
    void whatIsJsonStaysJson() {
      String template =
          """
          {"time": "<aws.scheduler.scheduled-time>", "by": ["<carillon.zone>", 1.50],
           "attempt": <aws.scheduler.attempt-number>, "<carillon.kind>": true}\
          """;

      assertThat(InputTemplate.problem(template)).isEmpty();
      assertThat(InputJson.of(rendered(template)).toString())
          .isEqualTo(
              """
              {"time":"2026-01-01T08:00:00Z","by":["Europe/Paris",1.50],"attempt":2,"catch_up":true}\
              """);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"time\": <aws.scheduler.scheduled-time>}",
          "[\"<carillon.name>\", <carillon.group>]"
        })
    void aTextWithoutQuotesIsAProblem(String template) {
      assertThat(InputTemplate.problem(template))
          .hasValueSatisfying(problem -> assertThat(problem).contains("put that in quotes"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"<carillon.name> ran", "[<carillon.name>] ran", "{<carillon.name>}", ""})
    void whatIsNoJsonIsAText(String template) {
      assertThat(InputTemplate.problem(template)).isEmpty();
      assertThat(InputJson.of(rendered(template)).isTextual()).isTrue();
    }
  }

  private String rendered(String template) {
    return InputTemplate.render(
        template, schedule, Runs.order(schedule, FiringKind.CATCH_UP), attempt);
  }
}
