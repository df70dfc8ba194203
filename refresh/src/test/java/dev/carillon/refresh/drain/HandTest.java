package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.queue.RefreshQueue.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandTest {

  private final Rig rig = Rig.postgres();
  private final AtomicReference<Instant> now = new AtomicReference<>(Rig.CLOCK.instant());
  private final Tally tally = new Tally();
  private final Hand hand =
      new Hand(
          new Drain.Parts(
              Rig.source(1), rig.queue, rig.tempos, rig.database.jdbi(), now::get, Intake.NONE),
          tally,
          () -> 1,
          () -> false);

  @AfterEach
  void close() {
    rig.close();
  }

  /** Its lease would end while it waits, and another drain would call it, too. */
  @Test
  void aRequestThatHasWaitedForLongIsGivenBackRatherThanBegun() throws Exception {
    rig.enqueue(20);
    now.set(Rig.CLOCK.instant());
    Taken first = requireNonNull(hand.next());
    long held = rig.queue.state(TestSource.NAME, now.get()).inHand();
    now.updateAndGet(before -> before.plus(Hand.AHEAD).plus(Duration.ofMillis(1)));

    Taken again = requireNonNull(hand.next());

    assertThat(again.request().key()).isEqualTo(first.request().key());
    assertThat(again.lease()).isNotEqualTo(first.lease());
    assertThat(again.takes()).as("no taker died").isEqualTo(1);
    assertThat(tally.givenBack.sum()).isEqualTo(held);
  }
}
