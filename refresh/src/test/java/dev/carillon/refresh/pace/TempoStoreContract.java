package dev.carillon.refresh.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.pace.TempoStore.Changed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store of tempos does, and how several processes share one. */
@Timeout(120)
abstract class TempoStoreContract {

  private static final String SOURCE = "clash-of-clans";
  private static final long FOREVER = Duration.ofHours(1).toNanos();

  /** The store of this test, empty at first. */
  abstract TempoStore store();

  @Test
  void aTempoStartsAtFullSpeed() {
    Changed changed = store().change(SOURCE, 30, (before, _) -> before);

    assertThat(changed.after().limit()).isEqualTo(30);
    assertThat(changed.after().rateAt(changed.clock().now())).isEqualTo(30);
    assertThat(changed.after().pausedUntil()).isNull();
    assertThat(changed.after().nextAt()).isBeforeOrEqualTo(changed.clock().now());
  }

  @Test
  void aChangeIsKept() {
    Changed paused =
        store()
            .change(
                SOURCE,
                30,
                (before, now) ->
                    before.slowed(null, now).paused("all \"up\"\nside down", null, now));

    Changed read = store().change(SOURCE, 10, (before, _) -> before);

    assertThat(read.before()).isEqualTo(paused.after());
    assertThat(read.after().rate()).isEqualTo(15);
    assertThat(read.after().pauseReason()).isEqualTo("all \"up\"\nside down");
    assertThat(read.clock().now()).isAfterOrEqualTo(paused.clock().now());
  }

  @Test
  void aTempoIsReadWhileItIsChanged() {
    TempoStore.Seen none = store().read(SOURCE, 30);
    assertThat(none.tempo()).isEqualTo(Tempo.start(30, none.at()));

    List<TempoStore.Seen> seen = new ArrayList<>();
    Changed changed =
        store()
            .change(
                SOURCE,
                10,
                (before, now) -> {
                  seen.add(elsewhere(() -> store().read(SOURCE, 30)));
                  return before.paused("maintenance", null, now);
                });

    assertThat(seen.getFirst().tempo().pausedUntil()).isNull();
    assertThat(store().read(SOURCE, 30).tempo()).isEqualTo(changed.after());
  }

  @Test
  void sourcesKnowNothingOfEachOther() {
    store().change(SOURCE, 30, (before, now) -> before.paused("maintenance", null, now));

    assertThat(store().change("other", 5, (before, _) -> before).after().pausedUntil()).isNull();
  }

  @Test
  void theClocksOfStoreAndHostAreReadTogether() {
    long before = System.nanoTime();
    TempoStore.StoreClock clock = store().change(SOURCE, 30, (tempo, _) -> tempo).clock();
    long after = System.nanoTime();

    assertThat(clock.nanos()).isBetween(before, after);
    assertThat(clock.nanosAt(clock.now().plusMillis(5)) - clock.nanos()).isEqualTo(5_000_000);
  }

  @Test
  void noSlotIsGivenTwiceHoweverManyReserve() throws Exception {
    List<Instant> slots =
        together(
            4,
            () -> {
              List<Instant> mine = new ArrayList<>();
              while (mine.size() < 300) {
                Changed changed =
                    store().change(SOURCE, 1_000, (before, now) -> before.reserve(3, now).after());
                mine.addAll(changed.before().reserve(3, changed.clock().now()).slots());
              }
              return mine;
            });

    assertThat(slots).hasSizeGreaterThanOrEqualTo(1_200);
    assertSpaced(slots, Tempo.start(1_000, Instant.EPOCH));
  }

  @Test
  void callersOfFourPacesOnOneStoreGetSlotsThatAreApart() throws Exception {
    List<Pace> paces = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      paces.add(new Pace(store(), SOURCE, 100));
    }
    List<Instant> slots = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Instant>>> futures = new ArrayList<>();
      for (Pace pace : paces) {
        futures.add(threads.submit(() -> slots(pace, 36)));
      }
      for (Future<List<Instant>> future : futures) {
        slots.addAll(future.get());
      }
    }

    assertThat(slots).hasSize(144);
    assertSpaced(slots, Tempo.start(100, Instant.EPOCH));
  }

  @Test
  void aPushIsKept() {
    Changed pushed =
        store()
            .change(
                SOURCE, 30, (before, now) -> before.pushedTo(Duration.ofNanos(12_345_001), now));

    Changed read = store().change(SOURCE, 30, (before, _) -> before);

    assertThat(Duration.between(pushed.before().nextAt(), read.before().nextAt()))
        .isEqualTo(Duration.ofNanos(12_346_000));
    assertThat(read.before().pushed()).isEqualTo(Duration.ofNanos(12_346_000));
  }

  @Test
  void whatOneProcessHearsHoldsForAll() throws Exception {
    Pace one = new Pace(store(), SOURCE, 30);
    Pace other = new Pace(store(), SOURCE, 30);
    one.down("in maintenance", Duration.ofSeconds(40));

    assertThat(other.next(System.nanoTime() + FOREVER))
        .isInstanceOfSatisfying(
            Slot.Paused.class,
            pause -> {
              assertThat(pause.reason()).isEqualTo("in maintenance");
              assertThat(pause.remaining())
                  .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(40));
            });
    assertThat(other.tempo().pauseReason()).isEqualTo("in maintenance");
    one.tooFast(null);
    assertThat(other.tempo().rate()).isEqualTo(15);
  }

  private static <T> T elsewhere(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofVirtual().start(future);
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Instant> slots(Pace pace, int count) throws InterruptedException {
    List<Instant> slots = new ArrayList<>();
    while (slots.size() < count) {
      switch (pace.next(System.nanoTime() + FOREVER)) {
        case Slot.Yours(Turn turn) -> {
          assertThat(turn.await()).isTrue();
          turn.left();
          slots.add(turn.slot().orElseThrow());
        }
        case Slot.Paused pause -> throw new AssertionError("paused: " + pause);
        case Slot.TooLate late -> throw new AssertionError("too late: " + late);
      }
    }
    return slots;
  }

  private static void assertSpaced(List<Instant> slots, Tempo tempo) {
    List<Instant> sorted = slots.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(Duration.between(sorted.get(i - 1), sorted.get(i)))
          .isGreaterThanOrEqualTo(tempo.spacing(Instant.EPOCH));
    }
  }

  private static <T> List<T> together(int count, Callable<List<T>> task) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<List<T>> future : threads.invokeAll(Collections.nCopies(count, task))) {
        results.addAll(future.get());
      }
      return results;
    }
  }
}
