package dev.carillon.bench.deliver;

import dev.carillon.bench.deliver.Planned.Part;
import java.time.Duration;
import java.util.List;

/**
 * How much is delivered in a round.
 *
 * @param backlog how many events are overdue at once, to one endpoint
 * @param offered how long 1,000 events a second are offered
 * @param before how long before the spike
 * @param spike how long ten times as much is offered
 * @param after how long after the spike
 * @param each how many events each of ten endpoints gets
 */
record Sizes(
    int backlog, Duration offered, Duration before, Duration spike, Duration after, int each) {

  /** What is offered, in events a second. */
  static final int RATE = 1_000;

  /** What is offered in the spike, in events a second. */
  static final int SPIKE_RATE = 10 * RATE;

  /** How many endpoints there are where one may hang. */
  static final int ENDPOINTS = 10;

  /** What the issue asks for. */
  static final Sizes FULL =
      new Sizes(20_000, seconds(20), seconds(5), seconds(3), seconds(15), 1_500);

  /** A smoke run. */
  static final Sizes QUICK = new Sizes(4_000, seconds(4), seconds(2), seconds(1), seconds(4), 300);

  /** Everything of a round. */
  List<Load> loads() {
    return List.of(sustained(), distant(), nine(), hanging(), ten(), steady(), spiked());
  }

  Load sustained() {
    return Load.backlog("sustained", backlog, 1, Answers.AT_ONCE, Answers.AT_ONCE);
  }

  private Load distant() {
    return Load.backlog("distant", backlog, 1, Answers.LATE, Answers.LATE);
  }

  private Load steady() {
    return Load.offered("steady", List.of(Part.of(RATE, Duration.ZERO, offered)));
  }

  private Load spiked() {
    return Load.offered(
        "spike",
        List.of(
            Part.of(RATE, Duration.ZERO, before),
            Part.of(SPIKE_RATE, before, spike),
            Part.of(RATE, before.plus(spike), after)));
  }

  private Load nine() {
    return Load.backlog(
        "nine", each * (ENDPOINTS - 1), ENDPOINTS - 1, Answers.AT_ONCE, Answers.AT_ONCE);
  }

  private Load ten() {
    return Load.backlog("ten", each * ENDPOINTS, ENDPOINTS, Answers.AT_ONCE, Answers.AT_ONCE);
  }

  private Load hanging() {
    return Load.backlog("hanging", each * ENDPOINTS, ENDPOINTS, Answers.AT_ONCE, Answers.NEVER);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
