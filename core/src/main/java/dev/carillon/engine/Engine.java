package dev.carillon.engine;

import static java.util.Objects.requireNonNull;

import dev.carillon.store.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs events when they are due. Any number of engines, in any number of processes, may share a
 * store. It joins the store when it is made; then either {@link #start() runs by itself} or is
 * {@link #drain() driven by hand}.
 */
public final class Engine implements AutoCloseable {

  /** How long {@link #close()} waits for what is in flight. */
  public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How many exchanges with the store are on their way at once: while the database works on one,
   * this process writes the next or reads the last, and the other way round.
   */
  static final int EXCHANGES = 2;

  /** How long a stop waits for a thread that hangs in the store: JDBC heeds no interruption. */
  static final Duration INTERRUPT_GRACE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /**
   * What an engine is made of.
   *
   * @param config its limits
   * @param store the tables
   * @param types the events it performs
   * @param clock tells when an event is due
   * @param listener is told what happens
   * @param lanes says which held events may be claimed
   */
  public record Parts(
      EngineConfig config,
      EventStore store,
      EventTypes types,
      InstantSource clock,
      EngineListener listener,
      Lanes lanes) {
    public Parts {
      requireNonNull(lanes, "lanes is null");
      requireNonNull(config, "config is null");
      requireNonNull(store, "store is null");
      requireNonNull(types, "types is null");
      requireNonNull(clock, "clock is null");
      listener = new GuardedListener(requireNonNull(listener, "listener is null"));
    }

    /** Parts whose targets hold nothing. */
    public Parts(
        EngineConfig config,
        EventStore store,
        EventTypes types,
        InstantSource clock,
        EngineListener listener) {
      this(config, store, types, clock, listener, Lanes.NONE);
    }
  }

  private final Parts parts;
  private final ProcessLease lease;
  private final Deadline deadline;
  private final ExecutorService attempts;
  private final Dispatcher dispatcher;
  private final ScheduledExecutorService heartbeat;
  private final List<Thread> threads = new ArrayList<>();
  private boolean stopped;

  /**
   * Joins the store.
   *
   * @throws RuntimeException if the store cannot be reached
   */
  public Engine(Parts parts) {
    this.parts = parts;
    EngineConfig config = parts.config();
    this.lease =
        new ProcessLease(parts.store(), config.processName(), config.lease(), System::nanoTime);
    this.deadline = new Deadline();
    this.attempts = Executors.newVirtualThreadPerTaskExecutor();
    RandomGenerator jitter = () -> ThreadLocalRandom.current().nextLong();
    Settlement settlement = new Settlement(config.retry(), jitter);
    Performer performer = new Performer(parts, settlement, deadline);
    this.dispatcher = new Dispatcher(parts, lease, performer, attempts);
    this.heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("carillon-heartbeat").factory());
    long every = config.heartbeat().toNanos();
    var _ = heartbeat.scheduleWithFixedDelay(this::beat, 0, every, TimeUnit.NANOSECONDS);
  }

  /** Starts performing events on threads of its own, until it is stopped. */
  public synchronized void start() {
    if (!threads.isEmpty() || stopped) {
      throw new IllegalStateException("an engine starts once");
    }
    Thread.Builder thread = Thread.ofPlatform().name("carillon-dispatcher-", 1);
    for (int i = 0; i < EXCHANGES; i++) {
      threads.add(thread.start(dispatcher));
    }
  }

  /**
   * Performs everything that is due by the clock and settles it, for an engine that was not
   * started: for tests and simulations that move the clock themselves.
   *
   * @return when the next event is due; null if none is planned
   */
  public @Nullable Instant drain() throws InterruptedException {
    Dispatcher.Cycle cycle = dispatcher.cycle();
    while (!cycle.isEmpty()) {
      dispatcher.workload().awaitEnded();
      cycle = dispatcher.cycle();
    }
    return cycle.nextDue();
  }

  /**
   * Settles what the last step performed and performs a batch of what is due now, in one
   * transaction: half the commits of {@link #drain()}, which must be the last step of all.
   *
   * @return when the next event is due, perhaps now; null if none is planned
   */
  public @Nullable Instant step() throws InterruptedException {
    Dispatcher.Cycle cycle = dispatcher.cycle();
    dispatcher.workload().awaitEnded();
    if (cycle.full()) {
      return parts.clock().instant();
    }
    return dispatcher.workload().earlierOf(cycle.nextDue());
  }

  /**
   * Says that an event was planned. Without it an event due within the poll interval may start late
   * by as much.
   */
  public void hint(Instant due) {
    dispatcher.workload().hint(due);
  }

  /**
   * Stops: claims nothing more, waits for what is in flight, hands back what does not end in time.
   *
   * @return how many events were handed back
   */
  public synchronized int stop(Duration timeout) throws InterruptedException {
    if (stopped) {
      return 0;
    }
    stopped = true;
    dispatcher.workload().stopClaiming();
    awaitThreads(timeout);
    heartbeat.shutdownNow();
    attempts.shutdownNow();
    deadline.close();
    return leave();
  }

  /** Stops, waiting at most {@link #DEFAULT_STOP_TIMEOUT}. */
  @Override
  public void close() {
    try {
      stop(DEFAULT_STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int leave() {
    try {
      int handedBack = parts.store().leave(lease.process(), parts.clock().instant());
      if (handedBack > 0) {
        LOG.warn("{} events were still being performed and were handed back", handedBack);
      }
      return handedBack;
    } catch (RuntimeException e) {
      LOG.error("cannot leave the store: what is claimed is recovered when the lease runs out", e);
      return 0;
    }
  }

  private void awaitThreads(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(deadline - System.nanoTime()))) {
        thread.interrupt();
        thread.join(INTERRUPT_GRACE);
      }
    }
  }

  private void beat() {
    try {
      if (!lease.renew()) {
        parts.listener().leaseLost();
      }
      int recovered = parts.store().reap(parts.clock().instant());
      if (recovered > 0) {
        LOG.warn("recovered {} events of processes that stopped without a word", recovered);
        hint(parts.clock().instant());
        parts.listener().recovered(recovered);
      }
    } catch (RuntimeException e) {
      LOG.error("the heartbeat failed: without it this process's lease runs out", e);
    }
  }
}
