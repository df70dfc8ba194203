package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.queue.RefreshQueue.Taken;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How drains end. */
@Timeout(120)
class DrainEndTest {

  /** Far longer than their limits, and far shorter than what they would wait for. */
  private static final Duration LONG = Duration.ofSeconds(15);

  private final Rig rig = Rig.postgres();
  private final TestSource source = Rig.source(200);

  @AfterEach
  void close() {
    rig.close();
  }

  @Nested
  class ADrainThatIsToEnd {

    @Test
    void finishesWhatIsInHandAndLeavesTheRest() throws Exception {
      CountDownLatch answer = new CountDownLatch(1);
      source.behaviour =
          key -> {
            answer.await();
            return source.found(key);
          };
      rig.enqueue(500);
      Stop stop = new Stop();
      FutureTask<DrainReport> draining = rig.draining(source, stop);
      Rig.until(() -> source.called.size() >= 10);

      stop.ask();
      answer.countDown();
      DrainReport report = draining.get();

      assertThat(report.ended()).isEqualTo(Ended.STOPPED);
      assertThat(report.processed()).isEqualTo(report.calls()).isEqualTo(source.called.size());
      assertThat(rig.queueState().inHand()).isZero();
      assertThat(rig.waiting()).isEqualTo(500 - report.processed());
      assertThat(takes()).as("what was not begun was not taken").containsOnly(1);
    }

    @Test
    void breaksOffWhatDoesNotComeToAnEnd() throws Exception {
      source.behaviour =
          _ -> {
            new CountDownLatch(1).await();
            throw new AssertionError("it never comes here");
          };
      rig.enqueue(10);
      FutureTask<DrainReport> draining =
          new FutureTask<>(() ->
              rig.drain(source)
                  .run(
                      new DrainLimits(Duration.ofSeconds(3), Duration.ofSeconds(2)),
                      new Stop(),
                      _ -> {}));
      Thread.ofVirtual().start(draining);

      DrainReport report = draining.get();

      assertThat(report.ended()).isEqualTo(Ended.TIME);
      assertThat(report.took()).isLessThan(LONG);
      assertThat(report.processed()).isZero();
      assertThat(rig.waiting()).isEqualTo(10);
    }

    @Test
    void endsBeforeItsTimeIsOver() {
      rig.enqueue(200);

      DrainReport report =
          rig.drain(Rig.source(10))
              .run(
                  new DrainLimits(Duration.ofSeconds(3), Duration.ofSeconds(1)),
                  new Stop(),
                  _ -> {});

      assertThat(report.ended()).isEqualTo(Ended.TIME);
      assertThat(report.took()).isBetween(Duration.ofMillis(1_900), LONG);
      assertThat(report.processed()).isEqualTo(report.calls()).isBetween(1L, 31L);
      assertThat(rig.waiting()).isEqualTo(200 - report.processed());
      assertThat(rig.queueState().inHand()).isZero();
    }

    @Test
    void isStoppedByAnInterruptToo() throws Exception {
      rig.enqueue(200);
      TestSource slow = Rig.source(10);
      FutureTask<DrainReport> draining =
          new FutureTask<>(() -> rig.drain(slow).run(Rig.LIMITS, new Stop(), _ -> {}));
      Thread thread = Thread.ofVirtual().start(draining);
      Rig.until(() -> !slow.called.isEmpty());

      thread.interrupt();

      assertThat(draining.get().ended()).isEqualTo(Ended.STOPPED);
      assertThat(rig.queueState().inHand()).isZero();
    }

    private List<Integer> takes() {
      return rig.queue.take(TestSource.NAME, 1_000, Rig.CLOCK.instant()).stream()
          .map(Taken::takes)
          .toList();
    }
  }
}
