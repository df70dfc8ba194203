package dev.carillon.refresh.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carillon.testkit.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PaceTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant FIRST = NOW.plus(Booking.READY);
  private static final Duration SPACING = Tempo.start(30, NOW).spacing(NOW);
  private static final Duration LITTLE = Duration.ofMillis(10);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Pace.Punctuality PUNCTUAL = new Pace.Punctuality(0, 0);

  /** A store in memory, whose clock and whose host's clock are those of the test. */
  private static final class TestStore implements TempoStore {

    private final AtomicLong nanos = new AtomicLong();
    private @Nullable Tempo tempo;
    private volatile Runnable beforeAnswer = () -> {};

    @Override
    public synchronized Changed change(String source, double limit, Change change) {
      Instant now = NOW.plusNanos(nanos.get());
      StoreClock clock = new StoreClock(now, nanos.get(), 0);
      Tempo before = tempo == null ? Tempo.start(limit, now) : tempo;
      Tempo after = change.of(before, now);
      tempo = after;
      beforeAnswer.run();
      return new Changed(before, after, clock);
    }

    @Override
    public synchronized Seen read(String source, double limit) {
      Instant now = NOW.plusNanos(nanos.get());
      return new Seen(tempo == null ? Tempo.start(limit, now) : tempo, now);
    }

    void advance(Duration by) {
      nanos.addAndGet(by.toNanos());
    }
  }

  private final TestStore store = new TestStore();
  private final Pace pace = new Pace(store, "clash-of-clans", 30, 0, store.nanos::get);

  @Nested
  class ACall {

    @Test
    void isBegunSomeTimeBeforeItLeavesInItsSlot() throws Exception {
      Turn turn = begun();
      store.advance(Booking.READY);

      assertThat(turn.await()).isTrue();

      turn.left();
      assertThat(turn.slot()).contains(FIRST);
      assertThat(pace.punctuality()).isEqualTo(PUNCTUAL);
    }

    @Test
    void isBegunWhenItsSlotIsNear() throws Exception {
      begun();

      assertThat(pace.next(SPACING.toNanos() - 1)).isEqualTo(new Slot.TooLate(SPACING));
      store.advance(SPACING);
      begun();
      store.advance(SPACING.minus(Duration.ofNanos(1)));
      assertThat(pace.next(store.nanos.get())).isEqualTo(new Slot.TooLate(Duration.ofNanos(1)));
      assertThat(pace.next(store.nanos.get() - 1)).isEqualTo(new Slot.TooLate(Duration.ZERO));
    }

    @Test
    void thatIsReadyFirstLeavesFirst() throws Exception {
      Turn slow = begun();
      store.advance(SPACING);
      Turn fast = begun();
      store.advance(LITTLE);
      assertThat(fast.await()).isTrue();
      store.advance(SPACING);
      assertThat(slow.await()).isTrue();

      assertThat(fast.slot()).contains(FIRST);
      assertThat(slow.slot()).contains(FIRST.plus(SPACING));
    }

    @Test
    void thatDoesNotLeaveHasNoSlot() throws Exception {
      Turn failing = begun();
      failing.close();
      failing.close();
      Turn next = begun();
      store.advance(Booking.READY);

      assertThat(next.await()).isTrue();
      next.close();

      assertThat(next.slot()).contains(FIRST);
      assertThat(failing.await()).isFalse();
      assertThat(failing.slot()).isEmpty();
    }

    @Test
    void thatMissesItsSlotByALotLeavesInTheNext() throws Exception {
      Turn turn = begun();
      store.advance(Booking.READY.plus(SPACING).plus(Booking.TOLERANCE).plusNanos(1));

      assertThat(turn.await()).isTrue();

      assertThat(turn.slot()).contains(FIRST.plus(SPACING));
      assertThat(pace.punctuality().missed()).isEqualTo(1);
    }

    @Test
    void canBeInterruptedWhileItWaits() throws Exception {
      Turn turn = begun();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Future<?> waiting =
            threads.submit(() -> {
              started.countDown();
              try {
                return turn.await();
              } catch (InterruptedException e) {
                ended.countDown();
                throw e;
              }
            });
        // One that is cancelled before it has begun never runs.
        started.await();
        waiting.cancel(true);
        ended.await();
      }
      assertThat(turn.slot()).isEmpty();
    }
  }

  @Nested
  class ACallThatLeavesLate {

    @Test
    void movesTheSlotsThatNobodyHasByThat() throws Exception {
      Instant free = leaveLate(Booking.TOLERANCE.plus(LITTLE));

      Patience.until(
          Duration.ofSeconds(10), () -> pace.tempo().nextFree().equals(free.plus(LITTLE)));
      assertThat(pace.punctuality()).isEqualTo(new Pace.Punctuality(0, 1));
    }

    @Test
    void movesThemByASecondAtMost() throws Exception {
      Instant free = leaveLate(Duration.ofHours(1));

      Patience.until(Duration.ofSeconds(10), () -> pushed().equals(Booking.MAX_PUSH));
      assertThat(store.change("x", 30, (before, _) -> before).after().nextAt())
          .isEqualTo(free.plusSeconds(1));
    }

    @Test
    void movesNothingAgainThatAnotherHasMoved() throws Exception {
      Turn one = begun();
      store.advance(SPACING);
      Turn other = begun();
      store.advance(Duration.ofMillis(30));
      assertThat(one.await()).isTrue();
      store.advance(Duration.ofMillis(10));
      assertThat(other.await()).isTrue();
      Instant free = pace.tempo().nextFree();
      store.advance(Duration.ofMillis(5));
      other.left();
      one.left();

      Duration late = SPACING.plusMillis(45).minus(Booking.READY).minus(Booking.TOLERANCE);
      Patience.until(Duration.ofSeconds(10), () -> pushed().equals(late));
      assertThat(pace.tempo().nextFree()).isEqualTo(free.plus(late));
      assertThat(pace.punctuality().late()).isEqualTo(2);
    }

    private Duration pushed() {
      return store.change("x", 30, (before, _) -> before).after().pushed();
    }

    @Test
    void byALittleMovesNothing() throws Exception {
      Instant free = leaveLate(Booking.TOLERANCE);

      assertThat(pace.punctuality()).isEqualTo(PUNCTUAL);
      assertThat(pace.tempo().nextFree()).isEqualTo(free);
    }

    /** Leaves so long after its slot; returns what was the first free slot before. */
    private Instant leaveLate(Duration by) throws InterruptedException {
      Turn turn = begun();
      store.advance(Booking.READY);
      assertThat(turn.await()).isTrue();
      Instant free = pace.tempo().nextFree();
      store.advance(by);
      turn.left();
      return free;
    }
  }

  @Nested
  class AStore {

    @Test
    void thatIsSlowIsAskedForLaterSlots() throws Exception {
      Duration slow = Duration.ofMillis(100);
      store.beforeAnswer = () -> store.advance(slow);
      begun().close();
      assertThat(pace.punctuality().missed()).as("the first comes too late").isEqualTo(1);
      store.advance(Duration.ofSeconds(2));

      Turn turn = begun();
      store.advance(Booking.READY);
      assertThat(turn.await()).isTrue();

      assertThat(turn.slot())
          .contains(NOW.plus(slow).plusSeconds(2).plus(slow).plus(Booking.READY));
    }

    @Test
    void thatDoesNotAnswerIsHeardOf() throws Exception {
      Turn turn = begun();
      store.beforeAnswer =
          () -> {
            throw new IllegalStateException("away");
          };
      store.advance(Duration.ofSeconds(1));

      assertThatIllegalStateException().isThrownBy(() -> pace.next(2 * SECOND)).withMessage("away");

      store.beforeAnswer = () -> {};
      assertThat(turn.await()).as("it is called off").isFalse();
      store.advance(Duration.ofSeconds(1));
      assertThat(pace.next(3 * SECOND)).isInstanceOf(Slot.Yours.class);
    }
  }

  @Nested
  class APause {

    @Test
    void hasNobodyWaitAndSaysWhy() throws Exception {
      pace.down("in maintenance", Duration.ofSeconds(10));

      assertThat(pace.next(SECOND))
          .isEqualTo(
              new Slot.Paused(NOW.plusSeconds(10), Duration.ofSeconds(10), "in maintenance"));
      assertThat(pace.tempo())
          .isEqualTo(new Pace.Reading(30, 30, NOW.plusSeconds(10), "in maintenance"));
      store.advance(Duration.ofSeconds(10));
      assertThat(pace.next(11 * SECOND)).isInstanceOf(Slot.Yours.class);
    }

    @Test
    void callsOffWhatHasBegunAndIsHeardOfAtOnce() throws Exception {
      Turn turn = begun();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Boolean> ready = threads.submit(turn::await);
        Future<Slot> waiting = threads.submit(() -> pace.next(SECOND));
        pace.down("in maintenance", null);

        assertThat(ready.get()).isFalse();
        assertThat(waiting.get()).isInstanceOf(Slot.Paused.class);
      }
    }

    @Test
    void holdsForSlotsThatWereReservedBefore() throws Exception {
      store.beforeAnswer =
          () -> {
            store.beforeAnswer = () -> {};
            pace.down("in maintenance", null);
          };

      assertThat(pace.next(SECOND)).isInstanceOf(Slot.Paused.class);
    }
  }

  @Test
  void tooFastHalvesTheRateAndCallsOffWhatHasBegun() throws Exception {
    Turn turn = begun();
    pace.tooFast(null);

    assertThat(turn.await()).isFalse();
    turn.close();
    assertThat(pace.tempo().rate()).isEqualTo(15);
    assertThat(pace.next(0)).as("what it held is lost").isInstanceOf(Slot.TooLate.class);
  }

  @Test
  void aLimitMustBeWithinReason() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(store, "x", 0));
  }

  private Turn begun() throws InterruptedException {
    Slot slot = pace.next(store.nanos.get() + SECOND);
    assertThat(slot).isInstanceOf(Slot.Yours.class);
    return ((Slot.Yours) slot).turn();
  }
}
