package dev.carillon.refresh.drain;

import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.pace.Slot;
import dev.carillon.refresh.pace.Turn;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.SourceException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a drain: feeds calls with requests, one for each slot. */
final class DrainRun {

  /** How far ahead the thread commits itself to waiting: so soon it sees a stop. */
  static final Duration LOOK = Duration.ofMillis(500);

  /** How long after a stop what came may still be written. */
  static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  /** This part of the reserve is for calls under way; the rest is to write what they come to. */
  private static final double FOR_CALLS = 0.7;

  private static final Logger LOG = LoggerFactory.getLogger(DrainRun.class);

  private final Drain.Parts parts;
  private final Pace pace;
  private final Stop stop;
  private final Tally tally = new Tally();
  private final Timing timing;
  private final CallsInHand calls;
  private final Bookkeeper bookkeeper;
  private final Hand hand;
  private final Reporting reporting;

  private volatile @Nullable String refusal;
  private volatile boolean reopened;
  private volatile @Nullable String detail;
  private volatile boolean interrupted;

  DrainRun(
      Drain.Parts parts, Pace pace, DrainLimits limits, Stop stop, Consumer<Progress> listener) {
    this.parts = parts;
    this.pace = pace;
    this.stop = stop;
    this.timing = new Timing(limits);
    this.reporting = new Reporting(parts, tally, timing, listener);
    this.calls = new CallsInHand(parts.source(), this::heard, this::called);
    this.bookkeeper = new Bookkeeper(calls, new Ledger(parts, tally), reporting::tick);
    this.hand = new Hand(parts, tally, () -> pace.tempo().rate(), () -> over() != null);
  }

  /** The report of a drain that could not begin. */
  DrainReport unavailable(Throwable why) {
    return reporting.unavailable("the database does not answer: " + Troubles.words(why));
  }

  DrainReport run() {
    Ended closed = open();
    if (closed != null) {
      return reporting.report(closed, detail, 0);
    }
    Thread.ofVirtual().name("refresh-bookkeeper").start(bookkeeper);
    Ended ended = ended();
    int unwritten = finish(ended);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    String trouble = bookkeeper.trouble();
    return reporting.report(ended, detail == null ? trouble : detail, unwritten);
  }

  private Ended ended() {
    try {
      return feed();
    } catch (InterruptedException _) {
      interrupted = true;
      return Ended.STOPPED;
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        // An interruption ends what waits for a store, too.
        interrupted = true;
        return Ended.STOPPED;
      }
      LOG.warn("the drain of {} ends", parts.source().name(), e);
      detail = "a store does not answer: " + Troubles.words(e);
      return Ended.UNAVAILABLE;
    }
  }

  private Ended feed() throws InterruptedException {
    Ended end = over();
    while (end == null) {
      String refused = refusal;
      Ended closed = refused == null ? null : reopen(refused);
      if (closed != null) {
        return closed;
      }
      Taken next = hand.next();
      if (next == null) {
        end = isSettled() && hand.next() == null ? Ended.EMPTY : over();
      } else {
        end = calls.awaitRoom(LOOK) ? onSlot(next) : over();
      }
    }
    // Nothing is taken after the time or a stop, which then looks like an empty queue.
    Ended over = over();
    return end == Ended.EMPTY && over != null ? over : end;
  }

  /** Waits until a slot is near and begins a call for it; why that is all, or null. */
  private @Nullable Ended onSlot(Taken next) throws InterruptedException {
    switch (pace.next(timing.soonest(LOOK))) {
      case Slot.Yours(Turn turn) -> {
        if (over() == null && refusal == null) {
          reporting.pause(null);
          hand.begin();
          calls.begin(next, turn);
        } else {
          turn.close();
        }
      }
      case Slot.Paused pause -> {
        return waitOut(pause);
      }
      case Slot.TooLate(Duration remaining) -> {
        var _ = stop.await(least(remaining, timing.left(), LOOK));
      }
    }
    return over();
  }

  /** Notes that a call leaves, on its thread. */
  private void called() {
    tally.calls.increment();
    timing.called();
  }

  private static Duration least(Duration... durations) {
    return Stream.of(durations).min(Comparator.naturalOrder()).orElseThrow();
  }

  private @Nullable Ended waitOut(Slot.Paused pause) throws InterruptedException {
    detail = "paused until %s: %s".formatted(pause.until(), pause.reason());
    reporting.pause(pause.reason());
    // Others may take it meanwhile, and a lease does not outlast a long pause.
    hand.giveBack();
    if (pause.remaining().compareTo(timing.left()) >= 0) {
      return Ended.PAUSED;
    }
    long from = System.nanoTime();
    while (over() == null && System.nanoTime() - from < pause.remaining().toNanos()) {
      Duration left = pause.remaining().minusNanos(System.nanoTime() - from);
      var _ = stop.await(left.compareTo(LOOK) < 0 ? left : LOOK);
    }
    tally.pausedNanos.add(System.nanoTime() - from);
    detail = null;
    return over();
  }

  /** Why it is to end now; null if it is not. */
  private @Nullable Ended over() {
    if (stop.isAsked()) {
      return Ended.STOPPED;
    }
    if (bookkeeper.trouble() != null) {
      return Ended.UNAVAILABLE;
    }
    return timing.isOver() ? Ended.TIME : null;
  }

  /** Whether all calls have ended and are written: what follows from them is in the queue then. */
  private boolean isSettled() throws InterruptedException {
    return calls.awaitNone(LOOK) && bookkeeper.write(LOOK);
  }

  /** Hears an answer at once, on the call's thread. */
  private void heard(Fetched fetched) {
    try {
      switch (fetched) {
        case Fetched.Found _, Fetched.Missing _ -> reopened = false;
        case Fetched.Failed _, Fetched.NotCalled _ -> {
          // Says nothing about the source as a whole.
        }
        case Fetched.TooFast fast -> {
          LOG.warn("{} was called too fast: {}", parts.source().name(), fast.reason());
          pace.tooFast(fast.retryAfter());
        }
        case Fetched.Down down -> {
          LOG.warn("{} is paused: {}", parts.source().name(), down.reason());
          pace.down(down.reason(), down.retryAfter());
        }
        case Fetched.Refused refused -> refusal = refused.reason();
      }
    } catch (RuntimeException e) {
      LOG.warn("the tempo of {} cannot be changed", parts.source().name(), e);
    }
  }

  /** Opens the source; why that was all, or null. */
  private @Nullable Ended open() {
    try {
      parts.source().open();
      return null;
    } catch (SourceException e) {
      LOG.error("{} cannot be called: {}", parts.source().name(), e.getMessage());
      detail = e.getMessage();
      return Ended.REFUSED;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Ended.STOPPED;
    } catch (RuntimeException e) {
      LOG.error("{} cannot be called", parts.source().name(), e);
      detail = "the source cannot be opened: " + Troubles.words(e);
      return Ended.REFUSED;
    }
  }

  /** Renews the keys, once; what was called with the old ones has ended by then. */
  private @Nullable Ended reopen(String why) throws InterruptedException {
    LOG.warn("{} refused a key: {}", parts.source().name(), why);
    boolean isAgain = reopened;
    if (isAgain || !calls.awaitNone(timing.left())) {
      detail = why;
      return Ended.REFUSED;
    }
    refusal = null;
    reopened = true;
    return open();
  }

  /** Ends what is in hand; returns how many answers could not be written. */
  private int finish(Ended ended) {
    try {
      returnHand();
      Duration reserve = timing.reserve();
      calls.awaitNone(Duration.ofNanos((long) (reserve.toNanos() * FOR_CALLS)));
      List<Taken> abandoned = calls.abandon();
      Duration left = timing.leftInAll();
      boolean isShort = ended == Ended.STOPPED && left.compareTo(STOP_PATIENCE) > 0;
      return bookkeeper.finish(abandoned, isShort ? STOP_PATIENCE : left);
    } catch (InterruptedException _) {
      interrupted = true;
      return finish(Ended.STOPPED);
    }
  }

  private void returnHand() throws InterruptedException {
    try {
      hand.giveBack();
    } catch (RuntimeException e) {
      LOG.warn("what was taken comes back when its leases end: {}", Troubles.words(e));
    }
  }
}
