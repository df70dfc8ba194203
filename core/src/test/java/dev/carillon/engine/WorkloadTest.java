package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.store.Claim;
import dev.carillon.store.Exchange;
import dev.carillon.store.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkloadTest {

  private static final int BATCH = 10;
  private static final int WHILE_BEHIND = BATCH * Workload.BATCHES_WHILE_BEHIND;

  private final Workload workload = workload(1_000);

  @Test
  void roundsAtTheSameTimeShareTheRoom() {
    Workload narrow = workload(15);

    assertThat(narrow.take(true).room()).isEqualTo(10);
    assertThat(narrow.take(true).room()).isEqualTo(5);
    assertThat(narrow.take(true).room()).isZero();
  }

  @Test
  void roomThatWasNotNeededIsFreeAgain() {
    Workload narrow = workload(15);
    Workload.Round first = narrow.take(true);

    narrow.exchanged(first, claimed(3));

    assertThat(narrow.take(true).room()).isEqualTo(10);
    assertThat(narrow.take(true).room()).isEqualTo(2);
  }

  @Test
  void whatIsSettledMakesRoomInTheSameRound() {
    Workload narrow = workload(BATCH);
    narrow.exchanged(narrow.take(true), claimed(BATCH));
    end(narrow, 4);

    Workload.Round round = narrow.take(true);

    assertThat(round.settled()).hasSize(4);
    assertThat(round.room()).isEqualTo(4);
  }

  @Test
  void aRoundThatFailedCanBeTakenAgain() {
    Workload narrow = workload(BATCH);
    narrow.exchanged(narrow.take(true), claimed(BATCH));
    end(narrow, 4);
    Workload.Round failed = narrow.take(true);

    narrow.putBack(failed);

    assertThat(narrow.take(true)).isEqualTo(failed);
  }

  @Test
  void aClaimTakesManyBatchesOnlyWhileMoreIsDue() {
    Workload.Round first = workload.take(true);
    assertThat(first.room()).isEqualTo(BATCH);

    workload.exchanged(first, claimed(BATCH));
    Workload.Round second = workload.take(true);
    assertThat(second.room()).isEqualTo(WHILE_BEHIND);

    workload.exchanged(second, claimed(WHILE_BEHIND - 1));
    assertThat(workload.take(true).room()).isEqualTo(BATCH);
  }

  @Test
  @Timeout(30)
  void aRoundWithoutRoomDoesNotForgetThatMoreIsDue() throws Exception {
    Workload narrow = workload(BATCH);
    narrow.exchanged(narrow.take(true), claimed(BATCH));
    narrow.exchanged(narrow.take(true), claimed(0));
    for (int i = 0; i < BATCH; i++) {
      narrow.ended(claim(), null);
    }

    // It would sleep for an hour.
    assertThat(narrow.awaitWork(NOW)).isTrue();
    assertThat(narrow.take(true).room()).isEqualTo(BATCH);
  }

  @Test
  @Timeout(30)
  void whatEndsRightAfterAnExchangeIsGathered() throws Exception {
    Duration time = Duration.ofMillis(100);
    Workload patient = gathering(time);
    long start = System.nanoTime();
    patient.exchanged(patient.take(true), claimed(2));
    end(patient, 2);

    assertThat(patient.awaitWork(NOW)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(time);
  }

  @Nested
  @Timeout(30)
  class NothingIsGathered {

    private final Workload patient = gathering(Duration.ofHours(1));

    @Test
    void beforeTheFirstExchange() throws Exception {
      assertThat(patient.awaitWork(NOW)).isTrue();
    }

    @Test
    void onceThereIsAWholeBatchToSettle() throws Exception {
      patient.exchanged(patient.take(true), claimed(BATCH - 1));
      patient.exchanged(patient.take(true), claimed(BATCH - 1));
      end(patient, BATCH);

      assertThat(patient.awaitWork(NOW)).isTrue();
    }

    @Test
    void whileThereIsRoomForAWholeBatchAndMoreIsDue() throws Exception {
      patient.exchanged(patient.take(true), claimed(BATCH));

      assertThat(patient.awaitWork(NOW)).isTrue();
    }

    @Test
    void whereAllIsDoneAndMoreIsDue() throws Exception {
      Workload narrow = new Workload(config(Duration.ofHours(1)).withClaims(BATCH, BATCH));
      narrow.exchanged(narrow.take(true), claimed(BATCH));
      end(narrow, BATCH);

      assertThat(narrow.awaitWork(NOW)).isTrue();
    }
  }

  @Test
  void nothingIsClaimedWithoutALeaseOrAfterTheStop() {
    assertThat(workload.take(false).room()).isZero();
    workload.stopClaiming();
    assertThat(workload.take(true).room()).isZero();
  }

  private static Workload workload(int concurrency) {
    return new Workload(config(Duration.ofMillis(10)).withClaims(BATCH, concurrency));
  }

  private static Workload gathering(Duration time) {
    return new Workload(config(time).withClaims(BATCH, 1_000));
  }

  private static EngineConfig config(Duration gathering) {
    return EngineConfig.of("test").withPollInterval(Duration.ofHours(1)).withGathering(gathering);
  }

  private static Exchange claimed(int events) {
    return new Exchange(
        List.of(), Stream.generate(WorkloadTest::claim).limit(events).toList(), null);
  }

  private static void end(Workload workload, int events) {
    for (int i = 0; i < events; i++) {
      Claim claim = claim();
      workload.ended(claim, new Transition.Completed(claim, NOW, Optional.empty()));
    }
  }

  private static Claim claim() {
    return new Claim(TestEvents.dueAt(NOW), 1, 1);
  }
}
