package dev.carillon.refresh.pace;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds the calls of this process to the tempo that all processes share. It keeps a few slots
 * reserved while somebody wants them, has each call begun a little before its slot and leave when
 * that comes, and tells the store of calls that left late, which moves later slots: {@link Booking}
 * says why. Safe for use by many threads, virtual ones too.
 */
public final class Pace {

  /** How long a call that is ready waits for a slot, which is long after it should have had one. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TempoStore store;
  private final String source;
  private final double limit;
  private final LongSupplier nanoTime;

  private final ReentrantLock turn = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Booking booking;
  private @Nullable RuntimeException failure;
  private Slot.@Nullable Paused pause;

  /**
   * The pace of a source.
   *
   * @param limit the calls a second that are never exceeded
   */
  public Pace(TempoStore store, String source, double limit) {
    this(store, source, limit, Booking.COLD_CALLS, System::nanoTime);
  }

  Pace(TempoStore store, String source, double limit, int cold, LongSupplier nanoTime) {
    this.store = requireNonNull(store, "store is null");
    this.source = requireNonNull(source, "source is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.limit = Tempo.start(limit, Instant.EPOCH).limit();
    this.booking = new Booking(limit, cold);
  }

  /**
   * Waits until a call is to be begun. For one thread.
   *
   * @param deadlineNanos after this {@link System#nanoTime} none is wanted
   * @throws RuntimeException if the store did not answer
   */
  public Slot next(long deadlineNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = nanoTime.getAsLong();
        Slot slot = now - deadlineNanos > 0 ? new Slot.TooLate(Duration.ZERO) : at(now);
        Long idle = slot == null ? idle(now) : null;
        if (slot != null) {
          return slot;
        }
        if (idle != null && now + idle - deadlineNanos > 0) {
          return new Slot.TooLate(Duration.ofNanos(idle));
        }
        var _ = changed.awaitNanos(rest(now, idle == null ? deadlineNanos - now + 1 : idle));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The source said that it was called too fast. */
  public void tooFast(@Nullable Duration retryAfter) {
    store.change(source, limit, (before, now) -> before.withLimit(limit).slowed(retryAfter, now));
    clear();
  }

  /** The source serves nobody at present. */
  public void down(String reason, @Nullable Duration retryAfter) {
    store.change(
        source, limit, (before, now) -> before.withLimit(limit).paused(reason, retryAfter, now));
    clear();
  }

  /** How fast the source is called, for people. */
  public Reading tempo() {
    TempoStore.Seen read = store.read(source, limit);
    Tempo tempo = read.tempo();
    Instant now = read.at();
    return new Reading(
        tempo.limit(),
        tempo.rateAt(now),
        tempo.nextFree(now),
        tempo.isPaused(now) ? tempo.pauseReason() : null);
  }

  /** How well the calls of this process have kept to their slots. */
  public Punctuality punctuality() {
    lock.lock();
    try {
      return booking.punctuality();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How fast a source is called.
   *
   * @param limit the calls a second that are never exceeded
   * @param rate the calls a second at present
   * @param nextFree when the next call can be made
   * @param pauseReason why none is made before; null if there is no pause
   */
  public record Reading(
      double limit, double rate, Instant nextFree, @Nullable String pauseReason) {}

  /**
   * How well calls kept to their slots.
   *
   * @param missed slots that no call left in
   * @param late calls that left so late that later slots were moved
   */
  public record Punctuality(long missed, long late) {}

  /** Waits for a slot for a call that is ready; null if it must not leave. */
  Booking.@Nullable Held await(int clearings) throws InterruptedException {
    long end = nanoTime.getAsLong() + PATIENCE.toNanos();
    if (!turn.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      return null;
    }
    try {
      lock.lockInterruptibly();
      try {
        while (booking.clearings() == clearings && failure == null) {
          long now = nanoTime.getAsLong();
          tend(now, true);
          booking.expire(now);
          Long in = booking.leaveIn(now);
          if (in != null && in == 0) {
            return booking.leave();
          }
          if (in == null && now - end > 0) {
            return null;
          }
          var _ = changed.awaitNanos(rest(now, in == null ? end - now + 1 : in));
        }
        return null;
      } finally {
        lock.unlock();
      }
    } finally {
      turn.unlock();
    }
  }

  /** A call has left in its slot. */
  void left(Booking.Held slot) {
    long now = nanoTime.getAsLong();
    lock.lock();
    try {
      booking.left(slot, now);
      tend(now, false);
    } finally {
      lock.unlock();
    }
  }

  /** A call that was begun has not left. */
  void without(int clearings) {
    lock.lock();
    try {
      booking.without(clearings);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What there is to say at a time; null if that is nothing yet. */
  private @Nullable Slot at(long now) {
    RuntimeException failed = failure;
    if (failed != null) {
      failure = null;
      throw failed;
    }
    Slot.Paused paused = pause;
    if (paused != null) {
      pause = null;
      return paused;
    }
    tend(now, true);
    booking.expire(now);
    Long in = booking.beginIn(now);
    if (in == null || in > 0) {
      return null;
    }
    booking.begin();
    return new Slot.Yours(new Turn(this, booking.clearings()));
  }

  /** For how many nanoseconds nothing happens; null until the store answers. */
  private @Nullable Long idle(long now) {
    Long in = booking.beginIn(now);
    return in != null || booking.isAsking() ? in : Long.valueOf(booking.reserveIn(now));
  }

  /** For how many nanoseconds to wait; every change ends it, and the store is asked in time. */
  private long rest(long now, long nanos) {
    return Math.max(1, booking.isAsking() ? nanos : Math.min(nanos, booking.reserveIn(now)));
  }

  /** Has the store asked what is to be asked, by another thread. */
  private void tend(long now, boolean isWanted) {
    Booking.Ask ask = failure == null ? booking.ask(now, isWanted) : null;
    if (ask != null) {
      Thread.ofVirtual().name("refresh-pace").start(() -> ask(ask));
    }
  }

  private void ask(Booking.Ask ask) {
    try {
      TempoStore.Changed answer =
          store.change(source, limit, (tempo, now) -> ask.of(tempo, now).after());
      answered(ask, answer);
    } catch (RuntimeException e) {
      unanswered(e);
    }
  }

  private void answered(Booking.Ask ask, TempoStore.Changed answer) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      booking.answered(ask, answer, now);
      if (ask.reserves()) {
        pause = pause(answer.after(), answer.clock().now(), ask.lead());
      }
      if (pause != null) {
        booking.clear();
      }
      tend(now, false);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Slot.@Nullable Paused pause(Tempo tempo, Instant now, Duration lead) {
    Instant until = tempo.pausedUntil();
    String reason = tempo.pauseReason();
    return until != null && reason != null && tempo.isPaused(now.plus(lead))
        ? new Slot.Paused(until, Duration.between(now, until), reason)
        : null;
  }

  private void unanswered(RuntimeException e) {
    lock.lock();
    try {
      booking.unanswered();
      booking.clear();
      failure = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    lock.lock();
    try {
      booking.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
