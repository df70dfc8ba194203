package dev.carillon.server.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Ended;
import dev.carillon.refresh.drain.FailureKind;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefreshScheduleTargetTest {

  private static final Receipt RECEIPT = new Receipt(new UUID(0, 1), Instant.EPOCH, "{}");

  @ParameterizedTest
  @EnumSource(names = {"EMPTY", "TIME", "STOPPED", "PAUSED"})
  void aDrainThatDidWhatItCouldIsARunThatSucceeded(Ended ended) {
    assertThat(RefreshScheduleTarget.outcome(report(ended, null), RECEIPT))
        .isEqualTo(new Outcome.Succeeded(RECEIPT));
  }

  @Test
  void aSourceThatRefusesOurKeysFailsTheRun() {
    assertThat(RefreshScheduleTarget.outcome(report(Ended.REFUSED, "no key"), RECEIPT))
        .isEqualTo(new Outcome.Rejected("no key", RECEIPT));
  }

  @Test
  void aStoreThatIsAwayPostponesTheRun() {
    assertThat(RefreshScheduleTarget.outcome(report(Ended.UNAVAILABLE, null), RECEIPT))
        .isEqualTo(
            new Outcome.Postponed("it cannot be drained", RefreshScheduleTarget.PAUSE, RECEIPT));
  }

  @Test
  void theLogKeepsWhatTheDrainDid() {
    assertThat(RefreshScheduleTarget.json(report(Ended.TIME, null)).toString())
        .startsWith("{\"processed\":10,\"changed\":1,\"unchanged\":2,\"missing\":3,\"failed\":4,")
        .contains("\"ended\":\"time\",\"detail\":null,\"remaining\":7");
  }

  @Test
  void theScheduleDrainsEveryTwoMinutesAndNeverTwiceAtOnce() {
    Definition schedule = RefreshSchedule.definition("clash-of-clans");

    assertThat(schedule.group() + "/" + schedule.name()).isEqualTo("refresh/clash-of-clans");
    assertThat(schedule.timing().expression().text()).isEqualTo("rate(2 minutes)");
    assertThat(schedule.policies().runOverlap()).isEqualTo(RunOverlap.BUFFER_ONE);
    assertThat(schedule.target().kind()).isEqualTo("refresh");
    assertThat(schedule.target().settings().toString())
        .isEqualTo("{\"source\":\"clash-of-clans\"}");
  }

  private static DrainReport report(Ended ended, @Nullable String detail) {
    return new DrainReport(
        "clash-of-clans",
        1,
        2,
        3,
        Map.of(FailureKind.CALL, 4L, FailureKind.DOWN, 5L),
        6,
        0,
        0,
        12,
        29.5,
        Duration.ZERO,
        Duration.ofSeconds(3),
        ended,
        detail,
        7L);
  }
}
