package dev.carillon.server.job;

import dev.carillon.view.job.JobReading;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One who is told of a job's states, or of those of all active jobs. What was not taken yet is
 * replaced by what is newer: however slow the taker, one state is kept. Safe for use by many
 * threads.
 */
final class Subscription {

  private final @Nullable UUID job;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable News news;
  private boolean ended;
  private @Nullable Thread writer;
  private long writingSince;

  /**
   * A subscription.
   *
   * @param job to which job; null to all that are active
   */
  Subscription(@Nullable UUID job) {
    this.job = job;
  }

  /** What a subscriber is told. */
  sealed interface News {

    /** How the job is. */
    record State(JobReading reading) implements News {}

    /**
     * How all are.
     *
     * @param jobs those that are active, and those that ended a moment ago
     */
    record Active(List<JobReading> jobs) implements News {
      public Active {
        jobs = List.copyOf(jobs);
      }
    }

    /** The job is no more. */
    record Gone() implements News {}

    /** Nobody will say anything more. */
    record Ended() implements News {}
  }

  /** Which job it is to; null if to all that are active. */
  @Nullable UUID job() {
    return job;
  }

  /** Tells something; never waits. */
  void tell(News latest) {
    lock.lock();
    try {
      news = latest;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it: whoever waits or writes stops. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
      if (writer != null) {
        writer.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the latest news, and waits for some if there are none.
   *
   * @return null if there were none for so long
   */
  @Nullable News next(Duration most) throws InterruptedException {
    lock.lock();
    try {
      long left = most.toNanos();
      while (news == null && !ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      News taken = news;
      news = null;
      return ended ? new News.Ended() : taken;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is nothing that was told and not taken. */
  boolean isTaken() {
    lock.lock();
    try {
      return news == null;
    } finally {
      lock.unlock();
    }
  }

  /** The calling thread begins to write; false if it should not any more. */
  boolean beginsToWrite() {
    lock.lock();
    try {
      writer = Thread.currentThread();
      writingSince = System.nanoTime();
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /** The calling thread has written. */
  void hasWritten() {
    lock.lock();
    try {
      writer = null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the subscriber has not taken for so long what is being written. */
  boolean isStuck(Duration longest) {
    lock.lock();
    try {
      return writer != null
          && System.nanoTime() - writingSince > TimeUnit.MILLISECONDS.toNanos(longest.toMillis());
    } finally {
      lock.unlock();
    }
  }
}
