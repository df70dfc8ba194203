package dev.carillon.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.AfterLastRun;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.running.Inputs;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.performing.ScheduleTargets;
import dev.carillon.target.Outcome;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import dev.carillon.time.TimeZones;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleInputTest {

  private static final String PLAIN =
      "{'name': 'a', 'expression': 'cron(0 9 * * ? *)', 'target': {'kind': 'test'}}";

  /** A target that wants to know where to. */
  private static final ScheduleTarget TARGET =
      new ScheduleTarget() {
        @Override
        public String kind() {
          return "test";
        }

        @Override
        public Optional<String> problem(JsonNode settings) {
          return settings.has("bad") ? Optional.of("bad is not good") : Optional.empty();
        }

        @Override
        public Outcome run(Run run) {
          return new Outcome.Succeeded();
        }
      };

  private static final ScheduleTargets TARGETS =
      new ScheduleTargets(
          List.of(TARGET),
          Inputs.VERBATIM,
          text -> text.contains("<x>") ? Optional.of("has an unknown <x>") : Optional.empty());

  @Nested
  class Making {

    @Test
    void aNameAnExpressionAndATargetAreEnough() {
      Definition made = made(PLAIN);

      assertThat(made.group()).isEqualTo("default");
      assertThat(made.timing().zone().getId()).isEqualTo("UTC");
      assertThat(made.timing().gap()).isEqualTo(GapPolicy.SKIP);
      assertThat(made.timing().overlap()).isEqualTo(OverlapPolicy.FIRST);
      assertThat(made.policies()).isEqualTo(Policies.DEFAULT);
      assertThat(made.target().kind()).isEqualTo("test");
      assertThat(made.target().settings()).isEmpty();
      assertThat(made.target().input()).isNull();
    }

    @Test
    void everythingMayBeChosen() {
      Definition made =
          made(
              """
              {'name': 'a.b_c-1', 'group': 'billing', 'description': 'sends them',
               'tags': ['x', 'y z'], 'expression': 'rate(5 minutes)', 'zone': 'Europe/Paris',
               'gap': 'End-of-Gap', 'overlap': 'both', 'start': '2027-01-01T00:00:00+01:00',
               'end': '2028-01-01T00:00:00Z', 'excluded_dates': ['2027-12-25'],
               'calendars': ['holidays'], 'misfire': 'fire_all', 'catch_up': '2h',
               'max_catch_up': 7, 'run_overlap': 'buffer_one', 'jitter': '90s', 'max_age': '1d',
               'retry': ['5s', '1m'], 'pause_on_failure': true, 'after_last_run': 'delete',
               'target': {'kind': 'test', 'to': 'x'}, 'input': {'a': [1]}}
              """);

      assertThat(made.name()).isEqualTo("a.b_c-1");
      assertThat(made.tags()).containsExactly("x", "y z");
      assertThat(made.timing().startAt()).isEqualTo(Instant.parse("2026-12-31T23:00:00Z"));
      assertThat(made.timing().excludedDates()).containsExactly(LocalDate.parse("2027-12-25"));
      assertThat(made.timing().calendars()).containsExactly("holidays");
      assertThat(made.timing().gap()).isEqualTo(GapPolicy.END_OF_GAP);
      assertThat(made.policies())
          .isEqualTo(
              new Policies(
                  MisfirePolicy.FIRE_ALL,
                  Duration.ofHours(2),
                  7,
                  RunOverlap.BUFFER_ONE,
                  Duration.ofSeconds(90),
                  Duration.ofDays(1),
                  RetryPolicy.listed(List.of(Duration.ofSeconds(5), Duration.ofMinutes(1))),
                  true,
                  AfterLastRun.DELETE));
      assertThat(made.target().settings()).hasToString("{\"to\":\"x\"}");
      assertThat(made.target().input()).isEqualTo("{\"a\":[1]}");
    }

    @Test
    void aSingleWaitOrDateMayStandForItself() {
      Definition made = made(with("'retry': '5s', 'excluded_dates': '2027-12-25'"));

      assertThat(made.policies().retry())
          .isEqualTo(RetryPolicy.listed(List.of(Duration.ofSeconds(5))));
      assertThat(made.timing().excludedDates()).hasSize(1);
    }

    @Test
    void aWrongExpressionIsToldInEventBridgesWordsWithTheColumn() {
      ProblemException e =
          refused("{'name': 'a', 'expression': 'cron(0 9 * * * *)', 'target': {'kind': 'test'}}");

      FieldError error = e.problem().errors().getFirst();
      assertThat(error.field()).isEqualTo("expression");
      assertThat(error.column()).isPositive();
      assertThat(e.problem().detail())
          .startsWith("Invalid Schedule Expression cron(0 9 * * * *).")
          .isEqualTo(error.detail());
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
      assertThat(
              refused("{'zone': 'Mars', 'gap': 'jump', 'retry': [], 'jitter': '2d', 'x': 1}")
                  .problem()
                  .errors())
          .extracting(FieldError::field)
          .containsExactlyInAnyOrder(
              "zone", "gap", "retry", "jitter", "x", "name", "target", "expression");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '#',
        value = {
          "'name': ''                                | name",
          "'name': 'a b'                             | name",
          "'name': null                              | name",
          "'group': '/'                              | group",
          "'description': 7                          | description",
          "'tags': ['']                              | tags",
          "'expression': null                        | expression",
          "'zone': '+02:00'                          | zone",
          "'overlap': 'none'                         | overlap",
          "'start': '2027-01-01'                     | start",
          "'start': '2027-01-02T00:00:00Z', 'end': '2027-01-01T00:00:00Z' | end",
          "'excluded_dates': ['2027-02-30']          | excluded_dates",
          "'excluded_dates': ['-999999-02-03']       | excluded_dates",
          "'calendars': ['a/b']                      | calendars",
          "'misfire': 'never'                        | misfire",
          "'catch_up': '500ms'                       | catch_up",
          "'catch_up': '367d'                        | catch_up",
          "'max_catch_up': 0                         | max_catch_up",
          "'run_overlap': 'queue'                    | run_overlap",
          "'max_age': '0s'                           | max_age",
          "'max_attempts': 101                       | max_attempts",
          "'max_attempts': 2, 'retry': ['5s']        | retry",
          "'retry': ['0s']                           | retry",
          "'retry': [5]                              | retry",
          "'pause_on_failure': 'yes'                 | pause_on_failure",
          "'after_last_run': 'archive'               | after_last_run",
          "'target': {}                              | target",
          "'target': {'kind': 'lambda'}              | target",
          "'target': {'kind': 'test', 'bad': 1}      | target",
          "'target': {'kind': 'test', 'x': '\\u0000'}| target",
          "'target': 'test'                          | target",
          "'input': 'hello <x>'                      | input",
          "'input': 'a\\u0000'                       | input"
        })
    void whatIsWrongIsToldWithItsField(String fields, String wrong) {
      assertThat(refused(with(fields)).problem().errors())
          .extracting(FieldError::field)
          .containsExactly(wrong);
    }

    @Test
    void anUnknownKindIsToldWithTheKnownOnes() {
      assertThat(refused(with("'target': {'kind': 'lambda'}")).problem().detail())
          .isEqualTo("target must have a kind, which is one of test");
    }
  }

  @Nested
  class Changing {

    private final Definition old =
        made(
            """
            {'name': 'a', 'group': 'g', 'expression': 'cron(0 9 * * ? *)', 'zone': 'Europe/Paris',
             'tags': ['x'], 'max_attempts': 3, 'max_age': '1h', 'jitter': '5m',
             'target': {'kind': 'test', 'to': 'x'}, 'input': 'hello'}
            """);

    @Test
    void whatIsLeftOutStaysAsItIs() {
      assertThat(changed("{}")).isEqualTo(old);
      assertThat(changed("{'description': 'new'}").timing()).isEqualTo(old.timing());
    }

    @Test
    void nullGoesBackToTheDefault() {
      Definition changed =
          changed(
              "{'group': null, 'zone': null, 'tags': null, 'max_attempts': null, 'max_age': null,"
                  + " 'jitter': null, 'input': null}");

      assertThat(changed)
          .isEqualTo(
              made(
                  "{'name': 'a', 'expression': 'cron(0 9 * * ? *)', 'target': {'kind': 'test', 'to': 'x'}}"));
    }

    @Test
    void anotherExpressionBringsItsOwnDefaultForGaps() {
      assertThat(changed("{'expression': 'yearly(02-29 09:00)'}").timing().gap())
          .isEqualTo(GapPolicy.SHIFT_FORWARD);
      assertThat(changed("{'expression': 'yearly(02-29 09:00)', 'gap': 'skip'}").timing().gap())
          .isEqualTo(GapPolicy.SKIP);
    }

    @Test
    void aNullOfTheOtherKindOfRetryChangesNothing() {
      assertThat(changed("{'retry': null}").policies()).isEqualTo(old.policies());
      assertThat(changed("{'retry': ['1s']}").policies().retry())
          .isEqualTo(RetryPolicy.listed(List.of(Duration.ofSeconds(1))));
    }

    @Test
    void anEndThatDoesNotFitTheOldStartIsRefused() {
      Definition started =
          old.with(old.timing().between(Instant.parse("2027-06-01T00:00:00Z"), null));

      ProblemException e =
          catchThrowableOfType(
              ProblemException.class,
              () -> input("{'end': '2027-01-01T00:00:00Z'}").changed(started));
      assertThat(e.problem().detail())
          .isEqualTo("end must be after start, which is 2027-06-01T00:00:00Z");
    }

    private Definition changed(String json) {
      return input(json).changed(old);
    }
  }

  @Test
  void aScheduleIsShownAsItWasAskedFor() {
    String asked =
        with(
            "'zone': 'Europe/Paris', 'retry': ['5s'], 'jitter': '90s', 'run_overlap': 'skip', 'input': 'x'");
    Definition made = made(asked);
    Instant now = Instant.parse("2027-01-01T00:00:00Z");
    ScheduleView view =
        ScheduleView.of(
            new Schedule(
                new UUID(0, 1),
                made,
                new Schedule.Standing(ScheduleState.ENABLED, "", now),
                1,
                now,
                now,
                now),
            null);

    assertThat(view.timing().zone()).isEqualTo("Europe/Paris");
    assertThat(view.policies().retry()).containsExactly("5s");
    assertThat(view.policies().maxAttempts()).isNull();
    assertThat(view.policies().jitter()).isEqualTo("90s");
    assertThat(view.policies().catchUp()).isEqualTo("1d");
    assertThat(view.policies().runOverlap()).isEqualTo("skip");
    assertThat(view.target()).hasToString("{\"kind\":\"test\"}");
    assertThat(view.state()).isEqualTo("enabled");
    assertThat(view.stateReason()).isNull();
  }

  @Test
  void whileNobodyKnowsTheTargetsOnlyWhatNamesOneIsRefusedAndForNow() {
    Definition old = made(PLAIN);

    assertThat(input("{'description': 'x'}", Optional.empty()).changed(old).description())
        .isEqualTo("x");
    for (String json : List.of(PLAIN, "{'input': 'x'}")) {
      ProblemException refused =
          catchThrowableOfType(ProblemException.class, () -> input(json, Optional.empty()));
      assertThat(refused.problem().status()).isEqualTo(503);
    }
  }

  /** The plain schedule with some fields more, or others. */
  private static String with(String fields) {
    String name = fields.contains("'name'") ? "" : "'name': 'a', ";
    String expression = fields.contains("'expression'") ? "" : "'expression': 'rate(1 hour)', ";
    String target = fields.contains("'target'") ? "" : "'target': {'kind': 'test'}, ";
    return "{" + name + expression + target + fields + "}";
  }

  private static Definition made(String json) {
    return input(json).made();
  }

  private static ProblemException refused(String json) {
    return catchThrowableOfType(ProblemException.class, () -> made(json));
  }

  private static ScheduleInput input(String json) {
    return input(json, Optional.of(TARGETS));
  }

  private static ScheduleInput input(String json, Optional<ScheduleTargets> targets) {
    Set<String> known = new HashSet<>(ScheduleInput.FIELDS);
    known.addAll(TimingInput.FIELDS);
    known.addAll(PoliciesInput.FIELDS);
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    JsonFields fields = new JsonFields(Json.read(new ByteArrayInputStream(bytes)), known);
    return new ScheduleInput(fields, TimeZones.ofJvm(), () -> targets);
  }
}
