package dev.carillon.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Map<LocalTime, Integer> NINE = Map.of(LocalTime.of(9, 0), 10);

  @Test
  void aYearWithoutAFaultIsFlawless() {
    Report report = report(new Observer.Counts(10, 2, 0, 3, 1, 0, 0, 0, NINE), 1);

    assertThat(report.isFlawless()).isTrue();
    assertThat(report.table()).contains("everything is as it should be");
  }

  @Test
  void whatIsLateWithoutTheDowntimeToBlameIsAFault() {
    Report report = report(new Observer.Counts(10, 2, 1, 3, 1, 0, 0, 0, NINE), 1);

    assertThat(report.isFlawless()).isFalse();
    assertThat(report.table()).contains("SOMETHING IS OFF");
  }

  @Test
  void everyRejectedMessageIsRedrivenAndNoOther() {
    Observer.Counts seen = new Observer.Counts(10, 2, 0, 3, 1, 0, 0, 0, NINE);

    assertThat(report(seen, 0).isFlawless()).isFalse();
    assertThat(report(seen, 2).isFlawless()).isFalse();
  }

  private static Report report(Observer.Counts seen, int redriven) {
    return new Report(10, 5, 10, seen, redriven, 0, 10, Duration.ofSeconds(1));
  }
}
