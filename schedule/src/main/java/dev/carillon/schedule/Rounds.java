package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a thread of its own does over and over: once a tick, and soon after it is kicked. A
 * round that fails is logged, and the next one comes all the same.
 */
public final class Rounds implements AutoCloseable {

  /** How long {@link #close()} waits for the round at hand. */
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final String name;
  private final Rhythm rhythm;
  private final Runnable work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition signal = lock.newCondition();
  private boolean kicked;
  private boolean closed;
  private @Nullable Thread thread;

  /**
   * When rounds come.
   *
   * @param tick the longest time between them
   * @param afterKick how long after a kick one comes
   */
  public record Rhythm(Duration tick, Duration afterKick) {
    public Rhythm {
      requireNonNull(tick, "tick is null");
      requireNonNull(afterKick, "afterKick is null");
    }
  }

  /**
   * Rounds that begin when they are started.
   *
   * @param name the thread's
   */
  public Rounds(String name, Rhythm rhythm, Runnable work) {
    this.name = requireNonNull(name, "name is null");
    this.rhythm = requireNonNull(rhythm, "rhythm is null");
    this.work = requireNonNull(work, "work is null");
  }

  /** Begins; until it is closed. */
  public void start() {
    lock.lock();
    try {
      if (thread != null || closed) {
        throw new IllegalStateException(name + " starts once");
      }
      thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    } finally {
      lock.unlock();
    }
  }

  /** Asks for a round soon. */
  public void kick() {
    lock.lock();
    try {
      kicked = true;
      signal.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    Thread running = signalClosed();
    try {
      if (running != null && !running.join(STOP_TIMEOUT)) {
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Thread signalClosed() {
    lock.lock();
    try {
      closed = true;
      signal.signalAll();
      return thread;
    } finally {
      lock.unlock();
    }
  }

  // An Error must not end the rounds either: nobody would see that nothing is planned any more.
  private void run() {
    boolean more = true;
    while (more) {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        LOG.error("{} failed; trying again in {}", name, rhythm.tick(), e);
      }
      more = await();
    }
  }

  /** Waits for the next round; false if it is over. */
  private boolean await() {
    lock.lock();
    try {
      long left = rhythm.tick().toNanos();
      while (!kicked && !closed && left > 0) {
        left = signal.awaitNanos(left);
      }
      left = kicked ? rhythm.afterKick().toNanos() : 0;
      // Who kicks from here on asks for another round.
      kicked = false;
      while (!closed && left > 0) {
        left = signal.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
