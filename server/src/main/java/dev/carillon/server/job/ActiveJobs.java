package dev.carillon.server.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are active, and which were a moment ago. It remembers the latest that was read of
 * each: a job that was counted does not go back to what the view says of an earlier time. For one
 * thread.
 */
final class ActiveJobs {

  /** How long one that has ended is told: longer than anybody who takes nothing is kept. */
  static final Duration LINGER = JobFeed.LONGEST_WRITE.plusSeconds(10);

  private record Seen(JobReading reading, long since) {
    boolean isDone() {
      return reading.progress().status().isDone();
    }

    boolean isOver() {
      return isDone() && System.nanoTime() - since > LINGER.toNanos();
    }
  }

  private final JobReads reads;
  private final Map<UUID, Seen> seen = new HashMap<>();

  ActiveJobs(JobReads reads) {
    this.reads = requireNonNull(reads, "reads is null");
  }

  /** The jobs whose states are wanted. */
  Set<UUID> wanted() {
    return wanted(new HashSet<>(reads.active()));
  }

  /** What ended long ago is remembered for as long as the view does not know that. */
  private synchronized Set<UUID> wanted(Set<UUID> active) {
    seen.entrySet()
        .removeIf(entry -> entry.getValue().isOver() && !active.contains(entry.getKey()));
    active.addAll(seen.keySet());
    return active;
  }

  /** Somebody was told of these: whatever becomes of them, they are told of that, too. */
  synchronized void note(Collection<JobReading> told) {
    for (JobReading reading : told) {
      Seen latest = latest(seen.get(reading.job().id()), reading);
      if (latest != null) {
        seen.put(reading.job().id(), latest);
      }
    }
  }

  /**
   * The active jobs and those that have just ended.
   *
   * @param wanted as {@link #wanted} had them
   * @param read their states; one that has none is gone
   */
  synchronized List<JobReading> after(Set<UUID> wanted, Map<UUID, JobReading> read) {
    List<JobReading> now = new ArrayList<>();
    for (UUID id : wanted) {
      JobReading reading = read.get(id);
      if (reading == null) {
        seen.remove(id);
        continue;
      }
      Seen latest = latest(seen.get(id), reading);
      if (latest != null) {
        seen.put(id, latest);
        if (!latest.isOver()) {
          now.add(latest.reading());
        }
      }
    }
    return now;
  }

  /** Null if the job had ended before anybody looked. */
  private static @Nullable Seen latest(@Nullable Seen before, JobReading reading) {
    if (before == null) {
      Seen first = new Seen(reading, System.nanoTime());
      return first.isDone() ? null : first;
    }
    if (reading.freshness().asOf().isBefore(before.reading().freshness().asOf())) {
      return before;
    }
    boolean stillDone = before.isDone() && reading.progress().status().isDone();
    return new Seen(reading, stillDone ? before.since() : System.nanoTime());
  }
}
