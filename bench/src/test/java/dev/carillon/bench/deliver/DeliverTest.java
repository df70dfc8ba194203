package dev.carillon.bench.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.bench.database.BenchServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class DeliverTest {

  private static final int EVENTS = 200;
  private static final Instant DUE = Instant.parse("2027-06-15T09:00:00Z");

  @Test
  void everyEventArrivesOnceIsLoggedAndIsFollowed() throws InterruptedException {
    try (BenchServer server = BenchServer.start(false);
        ReceiverProcess receiver = ReceiverProcess.start()) {
      Load load = Load.backlog("test", EVENTS, 2, Answers.AT_ONCE, Answers.LATE);

      Delivered delivered = new Delivery(server, receiver, _ -> {}).once(load, 1);

      assertThat(delivered.isCorrect()).isTrue();
      assertThat(delivered.count()).isEqualTo(EVENTS);
      assertThat(delivered.perSecond()).isPositive();
      assertThat(delivered.measured().statementsPerEvent()).isBetween(0.01, 20.0);
      assertThat(new BareLoop(receiver, Answers.AT_ONCE, 2).once(EVENTS, 1).lost()).isZero();
    }
  }

  @Test
  void whatIsLostOrComesTwiceIsCounted() {
    UUID once = UUID.randomUUID();
    UUID twice = UUID.randomUUID();
    Planned planned = new Planned(Map.of(once, DUE, twice, DUE, UUID.randomUUID(), DUE), Map.of());

    Arrivals arrivals =
        Arrivals.of(
            planned,
            List.of(
                new Arrival(once, DUE.plusMillis(20)),
                new Arrival(twice, DUE.plusMillis(50)),
                new Arrival(twice, DUE.plusMillis(10))));

    assertThat(arrivals.lost()).isEqualTo(1);
    assertThat(arrivals.duplicates()).isEqualTo(1);
    assertThat(arrivals.lags().sorted()).containsExactly(10.0, 20.0);
    assertThat(arrivals.lastAsLateAs(Duration.ofMillis(15), DUE)).isEqualTo(DUE.plusMillis(20));
  }
}
