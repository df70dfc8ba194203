package dev.carillon.view.upkeep;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what views need while the process lives. Closing it ends what is under way. */
public final class Upkeep implements AutoCloseable {

  /** How long after a round the next one begins: how long captured changes wait to be worked in. */
  public static final Duration EVERY = Duration.ofSeconds(1);

  /** How often what is kept by captured changes is compared with its query. */
  public static final Duration AUDIT_EVERY = Duration.ofHours(6);

  /**
   * How often views of tables with partitions are compared, beside once when the process begins: a
   * partition that comes and goes between two looks takes rows with it that stay counted, and to
   * look for it in each writer's statement would cost that too much.
   */
  public static final Duration PARTITIONED_AUDIT_EVERY = Duration.ofHours(1);

  /** How often old refreshes are forgotten. */
  public static final Duration FORGET_EVERY = Duration.ofMinutes(10);

  /** How often groups that have vanished are taken out of what is kept by captured changes. */
  public static final Duration TIDY_EVERY = Duration.ofHours(1);

  /** One a kind of work: a refresh that is tried again may take as long as a quarter of an hour. */
  private static final int THREADS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Round round;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          THREADS, Thread.ofVirtual().name("carillon-views-", 0).factory());

  /** The upkeep of a database's views; {@link #start} begins it. */
  public Upkeep(Round round, InstantSource clock) {
    this.round = requireNonNull(round, "round is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** Begins. */
  public void start() {
    every(EVERY, () -> round.run(clock.instant()));
    every(AUDIT_EVERY, round::audit);
    var _ = timer.schedule(() -> guarded(round::auditPartitioned), EVERY.toMillis(), MILLISECONDS);
    every(PARTITIONED_AUDIT_EVERY, round::auditPartitioned);
    every(FORGET_EVERY, round::forget);
    every(TIDY_EVERY, round::tidy);
    every(EVERY, round::retry);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    round.stop();
  }

  private void every(Duration pause, Runnable work) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> guarded(work), pause.toMillis(), pause.toMillis(), MILLISECONDS);
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("views cannot be looked after now: {}", e.toString());
    }
  }
}
