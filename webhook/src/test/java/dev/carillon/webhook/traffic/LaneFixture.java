package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.webhook.endpoint.Traffic.Rate;
import dev.carillon.webhook.traffic.Gate.Admission;
import dev.carillon.webhook.traffic.Gate.Admission.Admitted;
import dev.carillon.webhook.traffic.Gate.Admission.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A lane, and what an exchange would grant it. */
class LaneFixture {

  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  static final Duration LONG = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(1);
  static final Result SUCCESS = new Result.Succeeded();

  final SettableClock clock = new SettableClock(NOW);
  final AtomicInteger urgent = new AtomicInteger();
  final Lane lane = new Lane(new UUID(1, 1), clock, urgent::incrementAndGet);

  final void grant(int permits) {
    grant(permits, null, null);
  }

  final void grant(int permits, long until) {
    lane.granted(lane.request(), granted(share(permits, null), null, true), until);
  }

  final void grant(int permits, @Nullable Rate rate) {
    grant(permits, rate, null);
  }

  final void grant(int permits, @Nullable Rate rate, @Nullable List<Instant> slots) {
    lane.granted(lane.request(), granted(share(permits, slots), rate, true), leased());
  }

  static Allotment.Share share(int permits, @Nullable List<Instant> slots) {
    return new Allotment.Share(permits, permits, false, false, slots, null);
  }

  static Grant granted(Allotment.Share share, @Nullable Rate rate, boolean renewed) {
    return new Grant(share, rate, Breaker.State.CLOSED, null, 1, renewed);
  }

  static long leased() {
    return System.nanoTime() + LONG.toNanos();
  }

  final Admitted entered() {
    Admission admission = lane.tryEnter();
    assertThat(admission).isInstanceOf(Admitted.class);
    return (Admitted) requireNonNull(admission);
  }

  static String refusal(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    return ((Refused) admission).reason();
  }
}
