package dev.carillon.bench.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.bench.database.BenchServer;
import org.junit.jupiter.api.Test;

class ScheduleCostTest {

  @Test
  void everySampleOfBothDatabasesIsTimed() throws InterruptedException {
    try (BenchServer server = BenchServer.start(false)) {
      ScheduleCostReport report = new ScheduleCost(server, 5, 2_000, _ -> {}).rounds(1);

      ScheduleCostReport.Round round = report.rounds().getFirst();
      assertThat(round.small().plans()).hasSize(5);
      assertThat(round.large().claims()).hasSize(5).allSatisfy(ms -> assertThat(ms).isPositive());
      assertThat(report.text()).contains("planner round", "claim", "settle");
    }
  }
}
