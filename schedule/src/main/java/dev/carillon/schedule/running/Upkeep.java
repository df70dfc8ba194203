package dev.carillon.schedule.running;

import dev.carillon.schedule.Misses;
import dev.carillon.schedule.Rounds;
import dev.carillon.schedule.planning.Endings;
import dev.carillon.schedule.planning.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after schedules between firings: lets the next run begin that waited for an earlier one,
 * pauses what failed, notes and deletes what has ended, forgets old misses. Any number of processes
 * may run one.
 */
public final class Upkeep implements AutoCloseable {

  /** How often is looked. */
  public static final Duration TICK = Duration.ofSeconds(1);

  /** How long after a run ended is looked: until then it is settled. */
  public static final Duration SETTLED = Duration.ofMillis(20);

  /** For how long misses are remembered. */
  public static final Duration MISSES_KEPT = Duration.ofDays(90);

  /** How often old misses are looked for. */
  static final Duration FORGET_EVERY = Duration.ofHours(1);

  /** The most schedules of each kind that one look changes. */
  static final int MAX_CHANGED = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Jdbi jdbi;
  private final Endings endings;
  private final InstantSource clock;
  private final Consumer<Instant> released;
  private final Runway runway;
  private final Rounds rounds =
      new Rounds("carillon-schedule-upkeep", new Rounds.Rhythm(TICK, SETTLED), this::round);
  private long lookedAt = System.nanoTime() - TICK.toNanos();
  private @Nullable Instant forgotAt;

  /**
   * The upkeep of one process; it runs when it is started, or is driven by hand.
   *
   * @param clock the engine's
   * @param released is told when a run may begin: the engine's hint
   */
  public Upkeep(Jdbi jdbi, Schedules schedules, InstantSource clock, Consumer<Instant> released) {
    this.jdbi = jdbi;
    this.endings = new Endings(jdbi, schedules);
    this.clock = clock;
    this.released = released;
    this.runway = new Runway(jdbi);
  }

  /** Starts looking on a thread of its own, until it is closed. */
  public void start() {
    rounds.start();
  }

  /** Says that a run ended that another one may wait for. */
  public void kick() {
    rounds.kick();
  }

  /** Looks once, after all that there is to look after. */
  public void look() {
    release();
    tried("pause what failed", () -> endings.pauseFailing(MAX_CHANGED));
    tried("note what has ended", () -> endings.noteEnded(MAX_CHANGED));
    tried("delete what has ended", () -> endings.deleteEnded(MAX_CHANGED));
    tried("forget old misses", this::forget);
  }

  @Override
  public void close() {
    rounds.close();
  }

  /** After a kick only what it is about: whether the next run may begin. */
  private void round() {
    if (System.nanoTime() - lookedAt >= TICK.toNanos()) {
      lookedAt = System.nanoTime();
      look();
    } else {
      release();
    }
  }

  private static void tried(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("cannot {}; trying again in {}", what, TICK, e);
    }
  }

  private void release() {
    Instant now = clock.instant();
    if (runway.release(now) > 0) {
      released.accept(now);
    }
  }

  private void forget() {
    Instant now = clock.instant();
    if (forgotAt == null || forgotAt.plus(FORGET_EVERY).isBefore(now)) {
      forgotAt = now;
      Instant before = now.minus(MISSES_KEPT);
      int forgotten;
      do {
        forgotten = jdbi.withHandle(handle -> Misses.forget(handle, before));
      } while (forgotten == Misses.MAX_PAGE);
    }
  }
}
