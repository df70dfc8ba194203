package dev.carillon.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.schedule.Definition;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import dev.carillon.view.ViewName;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.full.RefreshReport;
import dev.carillon.view.full.Totals;
import dev.carillon.view.job.JobProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewScheduleTargetTest {

  private static final ViewName VIEW = new ViewName("job_progress");
  private static final Receipt RECEIPT = new Receipt(new UUID(0, 1), Instant.EPOCH, "{}");
  private static final RefreshOutcome DONE =
      new RefreshOutcome.Refreshed(
          new RefreshReport(
              VIEW,
              Instant.EPOCH,
              Duration.ofMillis(5),
              null,
              new Totals(2, new Totals.Jobs(10, 4, 3, 1))));

  @Test
  void aRefreshIsARunThatSucceeded() {
    assertThat(outcome(DONE)).isEqualTo(new Outcome.Succeeded(RECEIPT));
  }

  @Test
  void whereAnotherRefreshIsUnderWayTheRunIsSkipped() {
    assertThat(outcome(new RefreshOutcome.Busy(null)))
        .isEqualTo(new Outcome.Skipped("another refresh of it was under way"));
  }

  @Test
  void whatCannotBeDoneIsRejectedWithWhatToDo() {
    assertThat(outcome(new RefreshOutcome.Impossible("no view", "make one")))
        .isEqualTo(new Outcome.Rejected("no view. make one", RECEIPT));
    assertThat(outcome(new RefreshOutcome.Failed("two of a kind", false)))
        .isEqualTo(new Outcome.Rejected("two of a kind", RECEIPT));
  }

  @Test
  void whatMayPassIsTriedAgain() {
    assertThat(outcome(new RefreshOutcome.Failed("gone", true)))
        .isEqualTo(new Outcome.Retryable("gone", null, null, RECEIPT));
  }

  @Test
  void theLogKeepsWhatTheRefreshDid() {
    assertThat(ViewScheduleTarget.json(VIEW, DONE).toString())
        .startsWith("{\"view\":\"job_progress\",\"as_of\":\"1970-01-01T00:00:00Z\",")
        .endsWith(
            "\"total_jobs\":2,\"total_objects\":10,\"processed\":4,\"total_findings\":3,\"active_jobs\":1}");
    assertThat(ViewScheduleTarget.json(VIEW, new RefreshOutcome.Failed("gone", true)).toString())
        .isEqualTo("{\"view\":\"job_progress\",\"error\":\"gone\",\"passing\":true}");
  }

  @Test
  void theScheduleRefreshesEachMinuteAndNeverTwiceAtOnce() {
    Definition schedule = ViewSchedule.definition(JobProgress.registration(Instant.EPOCH));

    assertThat(schedule.group() + "/" + schedule.name()).isEqualTo("views/job_progress");
    assertThat(schedule.timing().expression().text()).isEqualTo("rate(1 minute)");
    assertThat(schedule.policies().runOverlap()).isEqualTo(RunOverlap.SKIP);
    assertThat(schedule.target().kind()).isEqualTo("view");
    assertThat(schedule.target().settings().toString()).isEqualTo("{\"view\":\"job_progress\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.1S, rate(1 second)",
    "PT30S, rate(30 seconds)",
    "PT1M, rate(1 minute)",
    "PT90S, rate(90 seconds)",
    "PT2H, rate(2 hours)",
    "P366D, rate(366 days)",
  })
  void theRateIsTheIntervalInWholeUnits(Duration interval, String rate) {
    assertThat(ViewSchedule.rate(interval)).isEqualTo(rate);
    assertThat(Expression.parse(rate)).isInstanceOf(Parsed.Valid.class);
  }

  private static Outcome outcome(RefreshOutcome outcome) {
    return ViewScheduleTarget.outcome(outcome, RECEIPT);
  }
}
