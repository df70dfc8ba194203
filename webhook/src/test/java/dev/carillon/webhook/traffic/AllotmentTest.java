package dev.carillon.webhook.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.traffic.Allotment.Demand;
import dev.carillon.webhook.traffic.Allotment.Others;
import dev.carillon.webhook.traffic.Allotment.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllotmentTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @Nested
  class AloneInItsField {

    @Test
    void aProcessGetsWhatItWantsAndHalfOfTheRest() {
      assertThat(share(100, new Demand(0, 10, 0), Others.NONE).permits()).isEqualTo(55);
      assertThat(share(100, new Demand(0, 200, 0), Others.NONE).permits()).isEqualTo(100);
      assertThat(share(1, new Demand(0, 0, 0), Others.NONE).permits()).isEqualTo(1);
    }

    @Test
    void itDoesNotStarveForMoreThanThereIs() {
      assertThat(share(5, new Demand(5, 200, 0), Others.NONE).starving()).isFalse();
    }
  }

  @Nested
  class BesideOthers {

    @Test
    void itGetsWhatIsLeft() {
      Others busy = new Others(90, 1, 0, 0, 0);

      assertThat(share(100, new Demand(0, 50, 0), busy).permits()).isEqualTo(10);
      assertThat(share(100, new Demand(0, 50, 0), busy).starving()).isTrue();
    }

    @Test
    void itGivesUpWhatIsMoreThanItsPartOnceAnotherStarves() {
      Share share = share(100, new Demand(100, 200, 0), new Others(0, 1, 1, 0, 0));

      assertThat(share.permits()).isEqualTo(50);
      assertThat(share.published()).as("not free before it has ended").isEqualTo(100);
      assertThat(share.contested()).isTrue();
    }

    @Test
    void itGivesUpWhatItDoesNotWantOnceAnotherStarves() {
      assertThat(share(100, new Demand(60, 3, 0), new Others(40, 1, 1, 40, 0)).permits())
          .isEqualTo(3);
    }

    @Test
    void whatModestOnesLeaveIsForTheOthers() {
      // Three processes, one of which wants 10: the others may have 45 each.
      assertThat(share(100, new Demand(30, 200, 0), new Others(40, 2, 1, 30, 0)).permits())
          .isEqualTo(45);
    }

    @Test
    void aSinglePermitGoesRound() {
      List<Integer> turns = new ArrayList<>();
      Instant now = NOW;
      for (int turn = 0; turn < 4; turn++) {
        Others one = new Others(0, 1, 1, 0, 0);
        turns.add(allotment(1).share(new Demand(0, 1, 0), one, now).permits());
        now = now.plus(Allotment.TURN);
      }

      assertThat(turns).containsAnyOf(0).containsAnyOf(1);
      assertThat(turns.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2);
    }
  }

  @Test
  void nothingIsHandedOutWhileTheBreakerIsOpenAndOneAttemptWhileItIsHalfOpen() {
    Traffic traffic = new Traffic(50, new Traffic.Rate(10, 10));
    Demand demand = new Demand(7, 50, 20);

    Share open = new Allotment(traffic, Breaker.State.OPEN, null).share(demand, Others.NONE, NOW);
    Share half =
        new Allotment(traffic, Breaker.State.HALF_OPEN, null).share(demand, Others.NONE, NOW);

    assertThat(open.permits()).isZero();
    assertThat(open.starving()).isFalse();
    assertThat(open.slots()).isEmpty();
    assertThat(open.published()).as("what is under way").isEqualTo(7);
    assertThat(half.permits()).isEqualTo(1);
    assertThat(half.slots()).hasSize(10);
  }

  /**
   * Processes that want now much and now nothing, whose answers are on their way for a time, and
   * that crash: never is more under way than the endpoint allows, and nobody waits for ever.
   */
  @ParameterizedTest
  @CsvSource({"1, 2", "1, 5", "3, 4", "5, 2", "10, 3", "100, 4", "7, 1"})
  void neverIsMoreUnderWayThanAllowedAndNobodyStarves(int limit, int count) {
    for (int seed = 0; seed < 10; seed++) {
      new Simulation(limit, count, seed).run(10_000);
    }
  }

  /** Processes that all want everything: each gets its part, and all of it is used. */
  @ParameterizedTest
  @CsvSource({"4, 2", "5, 2", "9, 4", "100, 3"})
  void greedyProcessesGetEqualParts(int limit, int count) {
    Simulation simulation = new Simulation(limit, count, 1);
    simulation.processes.forEach(process -> process.greedy = true);
    for (int i = 0; i < 40; i++) {
      simulation.now = simulation.now.plusMillis(1);
      simulation.processes.forEach(SimulatedProcess::exchangeAtOnce);
    }

    assertThat(simulation.processes.stream().mapToInt(process -> process.permits).sum())
        .isEqualTo(limit);
    assertThat(simulation.processes)
        .allSatisfy(process ->
            assertThat(process.permits).isBetween(limit / count, Math.ceilDiv(limit, count)));
  }

  private static Share share(int limit, Demand demand, Others others) {
    return allotment(limit).share(demand, others, NOW);
  }

  private static Allotment allotment(int limit) {
    return new Allotment(new Traffic(limit, null), Breaker.State.CLOSED, null);
  }

  /** Processes and the row of each, at a time of their own. */
  private static final class Simulation {

    private final int limit;
    private final Random random;
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private Instant now = NOW;

    Simulation(int limit, int count, long seed) {
      this.limit = limit;
      this.random = new Random(seed);
      for (int i = 0; i < count; i++) {
        processes.add(new SimulatedProcess(this, i));
      }
    }

    void run(int steps) {
      for (int step = 0; step < steps; step++) {
        now = now.plusMillis(random.nextInt(20));
        SimulatedProcess process = processes.get(random.nextInt(processes.size()));
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> process.ask();
          case 3, 4, 5 -> process.hear();
          case 6, 7, 8 -> process.begin();
          case 9, 10 -> process.end();
          default -> process.turn();
        }
        int underWay = processes.stream().mapToInt(p -> p.underWay).sum();
        assertThat(underWay).as("step %d", step).isLessThanOrEqualTo(limit);
        assertThat(processes.stream().mapToInt(p -> p.row(now)).sum())
            .as("published at step %d", step)
            .isLessThanOrEqualTo(limit);
      }
      assertThat(processes).allSatisfy(p -> assertThat(p.served).isPositive());
    }
  }

  private static final class SimulatedProcess {

    private static final int LEASE_MS = 5_000;

    private final Simulation simulation;
    private final int rank;
    private int permits;
    private int underWay;
    private int want;
    private boolean greedy = true;
    private int served;
    private int published;
    private boolean starving;
    private Instant expires = Instant.EPOCH;
    private int answer = -1;

    SimulatedProcess(Simulation simulation, int rank) {
      this.simulation = simulation;
      this.rank = rank;
      this.want = simulation.limit;
    }

    int row(Instant now) {
      return expires.isAfter(now) ? published : 0;
    }

    /** The table decides; the answer is on its way. */
    void ask() {
      Demand demand =
          new Demand(
              Math.max(underWay, permits), underWay + (greedy ? Math.max(1, underWay) : want), 0);
      Share share = allotment(simulation.limit).share(demand, others(), simulation.now);
      published = share.published();
      starving = share.starving();
      expires = simulation.now.plusMillis(LEASE_MS);
      answer = share.permits();
    }

    void hear() {
      if (answer >= 0) {
        permits = answer;
        answer = -1;
      }
    }

    void exchangeAtOnce() {
      ask();
      hear();
      underWay = Math.min(permits, underWay + 1 + underWay);
    }

    void begin() {
      boolean leased = expires.isAfter(simulation.now);
      if (leased && underWay < permits) {
        underWay++;
        served++;
      }
    }

    void end() {
      underWay = Math.max(0, underWay - 1);
    }

    /** Another mood; or a crash, after which another process has its place. */
    void turn() {
      greedy = simulation.random.nextBoolean();
      want = simulation.random.nextInt(simulation.limit + 1);
      if (simulation.random.nextInt(20) == 0) {
        permits = 0;
        underWay = 0;
        answer = -1;
      }
    }

    private Others others() {
      List<SimulatedProcess> alive =
          simulation.processes.stream()
              .filter(p -> p != this && p.expires.isAfter(simulation.now))
              .toList();
      List<SimulatedProcess> hungry = alive.stream().filter(p -> p.starving).toList();
      return new Others(
          alive.stream().mapToInt(p -> p.published).sum(),
          (int) alive.stream().filter(p -> p.starving || p.published > 0).count(),
          hungry.size(),
          hungry.stream().mapToInt(p -> p.published).sum(),
          (int) hungry.stream().filter(p -> p.rank < rank).count());
    }
  }
}
