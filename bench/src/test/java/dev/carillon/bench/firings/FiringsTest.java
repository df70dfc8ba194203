package dev.carillon.bench.firings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.schedules.BenchSchedules;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiringsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void eachFiringOfALoadBeginsOnceAndIsCounted() throws InterruptedException {
    Pace pace = new Pace(Duration.ofSeconds(10), SECOND, Duration.ofSeconds(2));
    FiringLoad load = new FiringLoad("few", new BenchSchedules(20, SECOND, SECOND));
    try (BenchServer server = BenchServer.start(false)) {
      Fired fired = new Firings(server, pace, _ -> {}).once(load, 1);

      assertThat(fired.measured().events()).isEqualTo(40);
      assertThat(fired.isCorrect()).isTrue();
      assertThat(fired.lateness().min()).isNotNegative();
      assertThat(fired.timer().max()).isPositive();
    }
  }
}
