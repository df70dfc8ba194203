package dev.carillon.server.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.server.job.Subscription.News;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import dev.carillon.view.job.JobReads.Mode;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the jobs that somebody watches, once for all who do, and tells them how these are. Safe
 * for use by many threads.
 */
public final class JobFeed implements AutoCloseable {

  /** How often it is looked, where looking is quick. */
  public static final Duration EVERY = Duration.ofSeconds(1);

  /**
   * How many times as long as a look the rest after it is at least: jobs may have to be counted.
   */
  static final int REST = 4;

  /** How many may watch at once in this process. */
  public static final int MOST_SUBSCRIBERS = JobReads.MAX_PAGE;

  /** How long one who takes nothing is kept. */
  static final Duration LONGEST_WRITE = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(JobFeed.class);

  private final JobReads reads;
  private final Duration longestWrite;
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("carillon-job-feed").factory());
  private final ActiveJobs active;
  private boolean closed;
  private boolean answers = true;

  /** A feed that looks when it is started. */
  public JobFeed(JobReads reads) {
    this(reads, LONGEST_WRITE);
  }

  JobFeed(JobReads reads, Duration longestWrite) {
    this.reads = requireNonNull(reads, "reads is null");
    this.longestWrite = requireNonNull(longestWrite, "longestWrite is null");
    this.active = new ActiveJobs(reads);
  }

  /** Begins to look; between two looks it rests. */
  public void start() {
    lookAfter(EVERY);
  }

  /** How many watch. */
  public int subscribers() {
    return subscriptions.size();
  }

  /**
   * One more who watches; empty if there are {@link #MOST_SUBSCRIBERS}, or nobody is told more.
   *
   * @param job which job; null for all that are active
   */
  synchronized Optional<Subscription> subscribe(@Nullable UUID job) {
    if (closed || subscriptions.size() >= MOST_SUBSCRIBERS) {
      return Optional.empty();
    }
    Subscription subscription = new Subscription(job);
    subscriptions.add(subscription);
    return Optional.of(subscription);
  }

  /** One fewer who watches. */
  void unsubscribe(Subscription subscription) {
    subscriptions.remove(subscription);
    subscription.end();
  }

  /** The jobs that are active now, newest first, for one who begins to watch. */
  List<JobReading> active() {
    List<JobReading> now =
        reads.all(reads.active(), Mode.CACHED).values().stream()
            .filter(reading -> !reading.progress().status().isDone())
            .sorted(Comparator.comparing((JobReading job) -> job.job().createdAt()).reversed())
            .toList();
    active.note(now);
    return now;
  }

  /**
   * Looks at all jobs that are watched, and tells how they are. However many watch, the statements
   * are the same.
   */
  void look() {
    dropStuck();
    Set<Subscription> watching = Set.copyOf(subscriptions);
    try {
      if (!watching.isEmpty()) {
        look(watching);
      }
      answers = true;
    } catch (RuntimeException e) {
      if (answers) {
        LOG.warn("jobs that are watched cannot be read: {}", String.valueOf(e.getMessage()));
      }
      answers = false;
    }
  }

  private void look(Set<Subscription> watching) {
    Set<UUID> wanted = Set.of();
    if (watching.stream().anyMatch(one -> one.job() == null)) {
      wanted = active.wanted();
    }
    Set<UUID> jobs = new HashSet<>(wanted);
    watching.stream().map(Subscription::job).filter(Objects::nonNull).forEach(jobs::add);
    Map<UUID, JobReading> read = read(List.copyOf(jobs));
    News all = new News.Active(active.after(wanted, read));
    for (Subscription one : watching) {
      one.tell(one.job() == null ? all : news(read.get(one.job())));
    }
  }

  private static News news(@Nullable JobReading reading) {
    return reading == null ? new News.Gone() : new News.State(reading);
  }

  private Map<UUID, JobReading> read(List<UUID> jobs) {
    Map<UUID, JobReading> read = new HashMap<>();
    for (int from = 0; from < jobs.size(); from += JobReads.MAX_PAGE) {
      int to = Math.min(from + JobReads.MAX_PAGE, jobs.size());
      read.putAll(reads.all(jobs.subList(from, to), Mode.CACHED));
    }
    return read;
  }

  /** Looks, and again after a rest: counting jobs costs the database at most a part of its time. */
  private void lookAfter(Duration rest) {
    try {
      var _ =
          timer.schedule(
              () -> {
                long start = System.nanoTime();
                look();
                Duration took = Duration.ofNanos(System.nanoTime() - start).multipliedBy(REST);
                lookAfter(took.compareTo(EVERY) > 0 ? took : EVERY);
              },
              rest.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      LOG.debug("nobody looks any more");
    }
  }

  /** Ends all watching: callers come again, to another process. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    timer.shutdownNow();
    subscriptions.forEach(this::unsubscribe);
  }

  private void dropStuck() {
    for (Subscription one : subscriptions) {
      if (one.isStuck(longestWrite)) {
        LOG.info(
            "one who watches {} takes nothing: dropped",
            one.job() == null ? "all jobs" : "job " + one.job());
        unsubscribe(one);
      }
    }
  }
}
