package dev.carillon.server.demo.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.demo.refresh.RefreshDemoReport.Counted;
import dev.carillon.server.demo.refresh.RefreshDemoReport.Seen;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshDemoReportTest {

  private static final Counted GOOD = new Counted(553, 47, 4, 0, 0);

  @Test
  void whatIsAsItShouldBeHasNoFlaw() {
    RefreshDemoReport report = report(new Seen(604, 30, 29.6, 0), GOOD, 0);

    assertThat(report.isFlawless()).isTrue();
    assertThat(report.table()).endsWith("everything is as it should be");
  }

  @Test
  void eachFlawIsNamed() {
    assertThat(report(new Seen(604, 31, 17.55, 1), GOOD, 2).flaws())
        .containsExactly(
            "31 calls came within a second",
            "17.55 calls a second: at least 27 are expected, unless one came too early",
            "2 requests left in the queue: 0 expected");
    RefreshDemoReport lost =
        report(new Seen(604, 30, 29.6, 0), new Counted(552, 47, 4, 1, 1_000), 0);
    assertThat(lost.table())
        .contains("SOMETHING IS OFF")
        .endsWith(
            """
                1 clans lost: 0 expected
                1,000 clans doubled: 0 expected
                552 clans found: 553 expected\
            """);
  }

  private static RefreshDemoReport report(Seen seen, Counted ends, long left) {
    return new RefreshDemoReport(600, 553, 43, seen, ends, 43, left, Duration.ofSeconds(30));
  }
}
