package dev.carillon.view.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Patience;
import dev.carillon.view.ViewName;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A view that takes long keeps no other from its turn. */
class TurnsTest {

  private static final ViewName SLOW = new ViewName("slow");
  private static final ViewName QUICK = new ViewName("quick");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Turns turns = new Turns(Duration.ofMillis(30), 3);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger slow = new AtomicInteger();
  private final AtomicInteger quick = new AtomicInteger();

  @Test
  void theOthersHaveTheirTurnsWhileOneTakesLongAndThatOneHasNoSecondAtOnce() {
    for (int i = 1; i <= 3; i++) {
      turns.take(SLOW, this::takeLong);
      turns.take(QUICK, quick::incrementAndGet);
      assertThat(quick).hasValue(i);
    }
    assertThat(slow).hasValue(1);

    end.countDown();
    Patience.until(LONG, () -> turns.underWay().isEmpty());
    turns.take(SLOW, this::takeLong);
    assertThat(slow).hasValue(2);
  }

  @Test
  void aFailureEndsATurnAndNothingElse() {
    turns.take(
        SLOW,
        () -> {
          throw new IllegalStateException("a test");
        });
    turns.take(SLOW, slow::incrementAndGet);

    assertThat(slow).hasValue(1);
  }

  @Test
  void whatIsUnderWayEndsWhenTheTurnsAreStopped() {
    turns.take(SLOW, this::takeLong);

    turns.stop();

    Patience.until(LONG, () -> turns.underWay().isEmpty());
    assertThat(end.getCount()).isEqualTo(1);
  }

  private void takeLong() {
    slow.incrementAndGet();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
