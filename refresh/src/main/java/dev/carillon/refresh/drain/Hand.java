package dev.carillon.refresh.drain;

import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.record.RecordState;
import dev.carillon.refresh.record.Records;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that a drain has taken and not begun, in their order. More are taken while the last
 * ones wait for their slots, so that no slot waits for the queue. For one thread.
 */
final class Hand {

  /** The most requests. */
  static final int MOST = 32;

  /** More are taken when only this part is left. */
  static final int LOW = 4;

  /** For how long requests are taken ahead: they must be begun well before their leases end. */
  static final Duration AHEAD = Duration.ofSeconds(15);

  /** How often the requests of dead processes are looked for. */
  static final Duration RECLAIM_EVERY = Duration.ofSeconds(10);

  /** How often it is seen whether records are to be looked at. */
  static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Hand.class);

  /** A request, and when it was taken: it must be begun well before its lease ends. */
  private record Ready(Taken taken, Instant takenAt) {}

  private final Drain.Parts parts;
  private final String source;
  private final Tally tally;
  private final DoubleSupplier rate;
  private final BooleanSupplier isOver;
  private final Deque<Ready> ready = new ArrayDeque<>();
  private @Nullable FutureTask<List<Ready>> coming;
  private @Nullable Instant reclaimedAt;
  private @Nullable Instant looksQueuedAt;

  /**
   * An empty hand.
   *
   * @param rate the calls a second at present
   * @param isOver whether nothing is to be taken any more
   */
  Hand(Drain.Parts parts, Tally tally, DoubleSupplier rate, BooleanSupplier isOver) {
    this.parts = parts;
    this.source = parts.source().name();
    this.tally = tally;
    this.rate = rate;
    this.isOver = isOver;
  }

  /**
   * The next request, which stays in the hand; null if nothing is due.
   *
   * @throws RuntimeException if the queue or the database does not answer
   */
  @Nullable Taken next() throws InterruptedException {
    giveBackOld();
    if (coming == null && ready.size() <= MOST / LOW) {
      takeMore();
    }
    if (coming != null && (ready.isEmpty() || coming.isDone())) {
      receive();
    }
    Ready first = ready.peekFirst();
    return first == null ? null : first.taken();
  }

  /** Takes the next request out of the hand: its call begins. */
  void begin() {
    ready.removeFirst();
  }

  /** Gives everything back. */
  void giveBack() throws InterruptedException {
    if (coming != null) {
      try {
        receive();
      } catch (RuntimeException e) {
        LOG.warn("nothing could be taken: {}", Troubles.words(e));
      }
    }
    if (!ready.isEmpty()) {
      giveBack(ready.stream().map(Ready::taken).toList());
      ready.clear();
    }
  }

  /** Gives back what others, or a slower source, have kept waiting for too long. */
  private void giveBackOld() {
    Instant old = parts.clock().instant().minus(AHEAD);
    List<Taken> waited =
        ready.stream().takeWhile(one -> !one.takenAt().isAfter(old)).map(Ready::taken).toList();
    if (!waited.isEmpty()) {
      giveBack(waited);
      waited.forEach(_ -> ready.removeFirst());
    }
  }

  private void giveBack(List<Taken> requests) {
    parts.queue().giveBack(requests);
    tally.givenBack.add(requests.size());
  }

  private void takeMore() {
    int room = MOST - ready.size();
    FutureTask<List<Ready>> task = new FutureTask<>(() -> take(room));
    coming = task;
    Thread.ofVirtual().name("refresh-take").start(task);
  }

  private void receive() throws InterruptedException {
    FutureTask<List<Ready>> task = coming;
    if (task == null) {
      return;
    }
    try {
      List<Ready> taken = task.get();
      coming = null;
      ready.addAll(taken);
    } catch (ExecutionException e) {
      coming = null;
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  /** Takes until something is stale, or nothing is left. */
  private List<Ready> take(int room) {
    int most = (int) Math.clamp(rate.getAsDouble() * AHEAD.toSeconds(), 1, room);
    while (!isOver.getAsBoolean()) {
      Instant now = parts.clock().instant();
      reclaim(now);
      queueLooks(now);
      int moved = parts.intake().move(now);
      List<Taken> taken = parts.queue().take(source, most, now);
      List<Taken> stale = withoutFresh(taken, now);
      boolean isNothingLeft = taken.isEmpty() && moved == 0;
      if (!stale.isEmpty() || isNothingLeft) {
        return stale.stream().map(one -> new Ready(one, now)).toList();
      }
    }
    return List.of();
  }

  private void reclaim(Instant now) {
    if (reclaimedAt == null || !reclaimedAt.plus(RECLAIM_EVERY).isAfter(now)) {
      int reclaimed = parts.queue().reclaim(source, now);
      reclaimedAt = now;
      if (reclaimed > 0) {
        LOG.info("{} requests of {} came back from processes that died", reclaimed, source);
      }
    }
  }

  /** Queues the looks at records that have come: they wait in the database until then. */
  private void queueLooks(Instant now) {
    if (looksQueuedAt != null && looksQueuedAt.plus(LOOKS_EVERY).isAfter(now)) {
      return;
    }
    List<RefreshRequest> looks;
    do {
      looks =
          parts
              .jdbi()
              .withHandle(handle -> Records.dueLooks(handle, source, now, RefreshQueue.MAX_BATCH));
      if (!looks.isEmpty()) {
        // Queued before they are marked: a crash in between queues them again, which changes
        // nothing.
        parts.queue().add(looks);
        List<RefreshRequest> queued = looks;
        parts.jdbi().useTransaction(handle -> Records.looksQueued(handle, queued, now));
      }
    } while (looks.size() == RefreshQueue.MAX_BATCH);
    looksQueuedAt = now;
  }

  /**
   * Drops requests whose records are fresh enough. Nobody else writes those records until they are
   * called: whoever has a request in hand is the only one to fetch its record.
   */
  private List<Taken> withoutFresh(List<Taken> taken, Instant now) {
    List<Taken> stale = new ArrayList<>();
    List<Taken> fresh = new ArrayList<>();
    try {
      Map<RecordKey, RecordState> states = states(taken);
      for (Taken one : taken) {
        RecordState state = states.get(one.request().key());
        if (state == null || !state.isFresh(one.request().priority(), now)) {
          stale.add(one);
        } else {
          fresh.add(one);
        }
      }
      if (!fresh.isEmpty()) {
        parts.queue().done(fresh);
        tally.dropped.add(fresh.size());
      }
      return stale;
    } catch (RuntimeException e) {
      returned(taken);
      throw e;
    }
  }

  private void returned(List<Taken> taken) {
    try {
      giveBack(taken);
    } catch (RuntimeException e) {
      LOG.warn("{} requests come back when their leases end: {}", taken.size(), Troubles.words(e));
    }
  }

  private Map<RecordKey, RecordState> states(List<Taken> taken) {
    return taken.isEmpty()
        ? Map.of()
        : parts
            .jdbi()
            .withHandle(handle ->
                Records.states(handle, taken.stream().map(one -> one.request().key()).toList()));
  }
}
