package dev.carillon.server.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ViewDemoReportTest {

  private static final ViewDemo.Size SIZE = new ViewDemo.Size(10, 1_000, Duration.ofSeconds(2));

  private final Findings seen = new Findings();

  @Test
  void whatIsAsItShouldBeIsSaid() {
    see();
    ViewDemoReport report = ViewDemoReport.of(SIZE, seen);

    assertThat(report.isFlawless()).isTrue();
    assertThat(report.table())
        .contains(
            "everything is as it should be",
            "1.0 ms      2.0 ms      2.0 ms",
            "How old answers were");
  }

  @Test
  void everyFlawIsNamed() {
    see();
    seen.compared(false);
    seen.backwards().incrementAndGet();
    seen.left().incrementAndGet();

    assertThat(ViewDemoReport.of(SIZE, seen).flaws())
        .containsExactly(
            "1 answers differ from a count",
            "1 times progress went backwards",
            "1 refreshes were left out or failed");
    assertThat(ViewDemoReport.of(SIZE, seen).table()).contains("SOMETHING IS OFF");
  }

  @Test
  void seeingNothingIsAFlaw() {
    assertThat(ViewDemoReport.of(SIZE, seen).isFlawless()).isFalse();
  }

  @Test
  void aCountLiesBetweenTwoOthers() {
    Counts now = new Counts(10, 5, 2);

    assertThat(now.isBetween(new Counts(10, 5, 2), new Counts(10, 6, 2))).isTrue();
    assertThat(now.isBetween(new Counts(10, 6, 2), new Counts(10, 7, 2))).isFalse();
    assertThat(now.isBetween(new Counts(10, 4, 0), new Counts(10, 5, 1))).isFalse();
    assertThat(now.isBetween(new Counts(9, 4, 0), new Counts(10, 6, 3))).isFalse();
    assertThat(now.isBehind(new Counts(10, 6, 2))).isTrue();
  }

  private void see() {
    seen.moved().addAndGet(7);
    seen.refreshes().add(1_000_000);
    seen.cached().add(1_000_000);
    seen.cached().add(2_000_000);
    seen.compared(true);
  }
}
