package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RunsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Nested
  class AfterAWeekOfDowntime {

    private final Definition hourly = Definitions.of("hourly", "cron(0 * * * ? *)");

    private Schedule wakeUp(MisfirePolicy policy, Duration window, int most)
        throws InterruptedException {
      Schedule schedule =
          rig.create(hourly.with(Policies.DEFAULT.withMisfire(policy, window, most)));
      rig.step();
      rig.sleep(Duration.ofDays(7).plusMinutes(30));
      rig.step();
      rig.step();
      return schedule;
    }

    /** The misses of some hours of the week, both ends counted, and a part of their reason. */
    private record Missed(String reason, List<Instant> nominal) {}

    private static Missed misses(String reason, int from, int to) {
      return new Missed(
          reason,
          IntStream.rangeClosed(from, to).mapToObj(i -> START.plus(Duration.ofHours(i))).toList());
    }

    private void assertMisses(Schedule schedule, Missed... expected) {
      List<Miss> misses = rig.misses(schedule).reversed();
      assertThat(misses).extracting(Miss::count).containsOnly(1L);
      assertThat(misses)
          .extracting(Miss::nominalAt)
          .containsExactlyElementsOf(
              Stream.of(expected).flatMap(each -> each.nominal().stream()).toList());
      for (Missed each : expected) {
        assertThat(misses)
            .filteredOn(miss -> each.nominal().contains(miss.nominalAt()))
            .allSatisfy(miss -> assertThat(miss.reason()).contains(each.reason()));
      }
    }

    @Test
    void fireOnceRunsTheLatest() throws InterruptedException {
      Schedule schedule = wakeUp(MisfirePolicy.FIRE_ONCE, Duration.ofDays(1), 100);

      assertThat(rig.target.nominal()).containsExactly(START, START.plus(Duration.ofDays(7)));
      assertThat(rig.target.begun().getLast().kind()).isEqualTo(FiringKind.CATCH_UP);
      assertMisses(
          schedule,
          misses("more than PT24H ago", 1, 7 * 24 - 24),
          misses("only the latest missed firing is run", 7 * 24 - 23, 7 * 24 - 1));
    }

    @Test
    void fireAllRunsThoseOfItsWindow() throws InterruptedException {
      Schedule schedule = wakeUp(MisfirePolicy.FIRE_ALL, Duration.ofDays(2), 1_000);

      assertThat(rig.target.nominal()).hasSize(1 + 48).doesNotHaveDuplicates();
      assertMisses(schedule, misses("more than PT48H ago", 1, 7 * 24 - 48));
    }

    @Test
    void fireAllRunsItsNumberOfTheLatest() throws InterruptedException {
      Schedule schedule = wakeUp(MisfirePolicy.FIRE_ALL, Duration.ofDays(2), 10);

      assertThat(rig.target.nominal())
          .hasSize(1 + 10)
          .contains(START.plus(Duration.ofHours(7 * 24 - 9)), START.plus(Duration.ofDays(7)));
      assertMisses(
          schedule,
          misses("more than PT48H ago", 1, 7 * 24 - 48),
          misses("only the latest 10 missed firings are run", 7 * 24 - 47, 7 * 24 - 10));
    }

    @Test
    void skipRunsNoneAndGoesOn() throws InterruptedException {
      Schedule schedule = wakeUp(MisfirePolicy.SKIP, Duration.ofDays(1), 100);
      assertThat(rig.target.nominal()).containsExactly(START);
      assertMisses(
          schedule,
          misses("more than PT24H ago", 1, 7 * 24 - 24),
          misses("missed firings are skipped", 7 * 24 - 23, 7 * 24));

      rig.live(Duration.ofHours(1), Duration.ofMinutes(1));
      assertThat(rig.target.nominal())
          .containsExactly(START, START.plus(Duration.ofDays(7)).plusSeconds(3600));
    }

    @Test
    void aFrequentScheduleListsAThousandAndCountsTheRest() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("minutely", "cron(* * * * ? *)"));
      rig.step();
      rig.sleep(Duration.ofDays(7));
      rig.step();

      assertThat(rig.target.begun()).hasSize(2);
      assertThat(rig.count("SELECT count(*) FROM schedule_miss")).isEqualTo(1_001);
      assertThat(rig.count("SELECT sum(count)::integer FROM schedule_miss"))
          .isEqualTo(7 * 24 * 60 - 1);
      assertThat(rig.misses(schedule).getFirst().count()).isEqualTo(7 * 24 * 60 - 1_001);
    }
  }

  @Nested
  class Attempts {

    @Test
    void aFailureIsTriedAgainAsTheScheduleSays() throws InterruptedException {
      rig.create(
          Definitions.of("once", "at(2026-03-10T12:00:00)")
              .with(
                  Definitions.runs(
                      Policies.DEFAULT, null, RetryPolicy.listed(List.of(SECOND, SECOND)))));
      rig.target.does(_ -> new Outcome.Retryable("busy"));

      rig.live(Duration.ofSeconds(10), SECOND);

      assertThat(rig.target.begun()).extracting(TestTarget.Begun::attempt).containsExactly(1, 2, 3);
      assertThat(rig.count("SELECT count(*) FROM dead_letter")).isEqualTo(1);
    }

    @Test
    void aTargetThatIsMendedMeanwhileIsUsedByTheNextAttempt() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("once", "at(2026-03-10T12:00:00)"));
      List<String> seen = new ArrayList<>();
      rig.target.does(run -> {
        seen.add(run.settings().path("to").asText());
        return new Outcome.Retryable("busy");
      });
      rig.step();
      Definition mended =
          new Definition(
              "default",
              "once",
              "",
              List.of(),
              schedule.definition().timing(),
              Policies.DEFAULT,
              new TargetChoice(
                  Definitions.KIND, JsonNodeFactory.instance.objectNode().put("to", "y"), "in"));

      Rig.done(rig.schedules.update(schedule.id(), mended, null));
      rig.live(Duration.ofSeconds(3), SECOND);

      assertThat(seen).startsWith("x", "y");
    }

    @Test
    void whatIsTooOldToBeginIsNotBegunAndNoted() throws InterruptedException {
      Schedule schedule =
          rig.create(
              Definitions.of("once", "at(2026-03-10T12:00:01)")
                  .with(Definitions.runs(Policies.DEFAULT, Duration.ofMinutes(5), null)));
      rig.loop.planDue();
      rig.sleep(Duration.ofMinutes(6));
      rig.step();

      assertThat(rig.target.begun()).isEmpty();
      assertThat(rig.misses(schedule))
          .extracting(Miss::reason)
          .first()
          .asString()
          .contains("too old");
      assertThat(rig.count("SELECT count(*) FROM dead_letter")).isEqualTo(1);
    }

    @Test
    void aKindThatNobodyKnowsFails() throws InterruptedException {
      Definition plain = Definitions.of("once", "at(2026-03-10T12:00:00)");
      rig.create(
          new Definition(
              "default",
              "once",
              "",
              List.of(),
              plain.timing(),
              Policies.DEFAULT,
              new TargetChoice("moon", JsonNodeFactory.instance.objectNode(), null)));

      rig.step();

      assertThat(rig.count("SELECT count(*) FROM dead_letter WHERE failure_reason LIKE '%moon%'"))
          .isEqualTo(1);
    }

    @Test
    void aKindThatHangsIsInterruptedAtItsOwnTimeWhileAnotherMayTakeLonger() throws Exception {
      rig.target.mayTake(Duration.ofMillis(50));
      CountDownLatch interrupted = new CountDownLatch(1);
      rig.target.does(_ -> {
        try {
          new CountDownLatch(1).await();
        } finally {
          interrupted.countDown();
        }
        throw new AssertionError("it never comes here");
      });
      AtomicBoolean ended = new AtomicBoolean();
      rig.other.does(_ -> {
        interrupted.await();
        ended.set(true);
        return new Outcome.Succeeded();
      });
      Definition hangs = Definitions.of("hangs", "at(2026-03-10T12:00:00)");
      rig.create(hangs);
      rig.create(
          new Definition(
              "default",
              "takes-longer",
              "",
              List.of(),
              hangs.timing(),
              Policies.DEFAULT,
              new TargetChoice("other", JsonNodeFactory.instance.objectNode(), null)));

      rig.loop.planDue();
      rig.engine.drain();

      assertThat(ended).isTrue();
      assertThat(rig.count("SELECT count(*) FROM events WHERE failure_reason LIKE 'interrupted%'"))
          .isEqualTo(1);
      assertThat(rig.count("SELECT count(*) FROM events WHERE status = 'COMPLETED'")).isEqualTo(1);
    }

    @Test
    void twoTargetsOfOneKindAreRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new ScheduleRuns(
                  rig.database.jdbi(),
                  List.of(new TestTarget(), new TestTarget()),
                  Inputs.VERBATIM,
                  () -> {}))
          .withMessageContaining(Definitions.KIND);
    }
  }
}
