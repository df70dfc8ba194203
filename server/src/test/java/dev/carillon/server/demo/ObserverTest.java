package dev.carillon.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.time.LeapDayPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ObserverTest {

  private static final UUID USER = UUID.fromString("00000000-0000-7000-8000-000000000001");
  private static final Instant IN_DOWNTIME = Instant.parse("2027-07-02T09:00:00Z");
  private static final Instant BEFORE = Instant.parse("2027-06-02T09:00:00Z");

  private final Observer observer = new Observer();

  @Test
  void whatWasDueInTheDowntimeMayBeLate() {
    receive(IN_DOWNTIME, 1);

    assertThat(observer.counts().late()).isEqualTo(1);
    assertThat(observer.counts().lateUnexcused()).isZero();
  }

  @Test
  void whatWasDueAtAnotherTimeMayNot() {
    receive(BEFORE, 1);

    assertThat(observer.counts().late()).isZero();
    assertThat(observer.counts().lateUnexcused()).isEqualTo(1);
  }

  @Test
  void aDeadLetterThatIsSentAgainIsNotCountedAsLate() {
    receive(IN_DOWNTIME, 2);
    observer.mend();
    receive(BEFORE, 3);

    assertThat(observer.counts().late()).isZero();
    assertThat(observer.counts().lateUnexcused()).isZero();
  }

  private void receive(Instant due, int number) {
    LocalDate day = LocalDate.ofInstant(due, ZoneOffset.UTC);
    observer.expect(
        USER, new Expectation(ZoneOffset.UTC, day.withYear(1990), LeapDayPolicy.FEB_28));
    String body =
        "{\"timestamp\":\"%s\",\"data\":{\"user_id\":\"%s\",\"local_time\":\"%sT09:00\"}}"
            .formatted(due, USER, day);
    Map<String, String> headers = Map.of("carillon-late-seconds", "3600");
    observer.receive(
        new Delivery("event", number, headers, body, due.plus(Duration.ofHours(1)), true));
  }
}
