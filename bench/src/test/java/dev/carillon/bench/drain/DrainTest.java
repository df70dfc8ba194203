package dev.carillon.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.report.Spread;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DrainTest {

  private static final int EVENTS = 200;

  @SuppressWarnings("NullAway.Init")
  private BenchServer server;

  @BeforeAll
  void start() {
    server = BenchServer.start(false);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyContenderDoesEveryEventOnceAndIsCounted(Contenders contender)
      throws InterruptedException {
    Measurement measured = new Drain(server, EVENTS, _ -> {}).once(contender.contender(), 1);

    assertThat(measured.performed()).isEqualTo(EVENTS);
    assertThat(measured.eventsPerSecond()).isPositive();
    assertThat(measured.statementsPerEvent()).isBetween(0.01, 20.0);
    assertThat(measured.commitsPerEvent()).isBetween(0.005, 20.0);
    assertThat(measured.recordBytesPerEvent()).isBetween(200.0, 50_000.0);
    assertThat(measured.logBytesPerEvent()).isGreaterThan(measured.recordBytesPerEvent());
  }

  @Test
  void aSpreadKnowsItsMedianAndItsPercentiles() {
    Spread spread = Spread.of(List.of(4.0, 1.0, 3.0, 2.0));

    assertThat(spread.median()).isEqualTo(2.5);
    assertThat(spread.percentile(0.5)).isEqualTo(2.0);
    assertThat(spread.percentile(0.99)).isEqualTo(4.0);
  }
}
