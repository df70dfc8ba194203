package dev.carillon.engine;

import dev.carillon.store.Claim;
import dev.carillon.store.Exchange;
import dev.carillon.store.ProcessId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trades ended attempts for due events with the store, and hands the claims to virtual threads. Any
 * number of threads may {@linkplain #run() run} it: one waits for work while the others' exchanges
 * are on their way.
 */
final class Dispatcher implements Runnable {

  /** How long to leave a store alone that failed. */
  static final Duration STORE_FAILURE_PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Engine.Parts parts;
  private final ProcessLease lease;
  private final Performer performer;
  private final ExecutorService attempts;
  private final Workload workload;

  /** Exchanges share it; what must not run beside one takes it alone. */
  private final ReadWriteLock exchanging = new ReentrantReadWriteLock();

  private final AtomicInteger rounds = new AtomicInteger();

  /** Whether an exchange failed, so that the store may hold claims that nobody here knows of. */
  private volatile boolean uncertain;

  /** Held by the thread that waits for work, so that each piece of work wakes one thread. */
  private final ReentrantLock waiting = new ReentrantLock();

  Dispatcher(
      Engine.Parts parts, ProcessLease lease, Performer performer, ExecutorService attempts) {
    this.parts = parts;
    this.lease = lease;
    this.performer = performer;
    this.attempts = attempts;
    this.workload = new Workload(parts.config());
  }

  /**
   * What a cycle did.
   *
   * @param settled how many attempts were settled
   * @param claimed how many events were claimed
   * @param full whether as many were claimed as were asked for: more may be due
   * @param nextDue when the next event is due, where the store said; null else
   */
  record Cycle(int settled, int claimed, boolean full, @Nullable Instant nextDue) {

    /** Whether it found nothing to do. */
    boolean isEmpty() {
      return settled == 0 && claimed == 0;
    }
  }

  /** Runs cycles until claiming was stopped and everything claimed is settled. */
  @Override
  public void run() {
    boolean more = true;
    while (more) {
      try {
        becomeCertain();
        Workload.@Nullable Round round = awaitRound();
        more = round != null;
        if (round != null) {
          exchange(round);
        }
      } catch (InterruptedException e) {
        more = false;
      } catch (RuntimeException e) {
        LOG.error("the store failed; trying again in {}", STORE_FAILURE_PAUSE, e);
        more = workload.pause(STORE_FAILURE_PAUSE);
      }
    }
  }

  /**
   * Settles what ended and claims what is due, as far as there is room, in one transaction.
   *
   * @throws RuntimeException if the store failed; nothing is lost, the next cycle tries again
   */
  Cycle cycle() {
    becomeCertain();
    return exchange(workload.take(lease.isHeld()));
  }

  Workload workload() {
    return workload;
  }

  private Workload.@Nullable Round awaitRound() throws InterruptedException {
    waiting.lockInterruptibly();
    try {
      boolean more = workload.awaitWork(parts.clock().instant());
      return more ? workload.take(lease.isHeld()) : null;
    } finally {
      waiting.unlock();
    }
  }

  private Cycle exchange(Workload.Round whole) {
    ProcessId process = lease.process();
    long start = System.nanoTime();
    Map<UUID, Integer> openings = openings(whole.room());
    int kept = openings.values().stream().mapToInt(Integer::intValue).sum();
    Workload.Round round = new Workload.Round(whole.settled(), whole.room() - kept);
    Exchange exchange;
    exchanging.readLock().lock();
    try {
      exchange =
          parts.store().exchange(process, round.settled(), round.room(), parts.clock().instant());
      workload.exchanged(round, exchange);
    } catch (RuntimeException e) {
      uncertain = true;
      workload.putBack(whole);
      parts.lanes().claimed(openings, Map.of());
      throw e;
    } finally {
      exchanging.readLock().unlock();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    exchange.claims().forEach(claim -> begin(claim, process));
    report(round.settled().size(), exchange, took);
    int claimed = exchange.claims().size();
    boolean full = round.room() > 0 && claimed == round.room();
    int held = kept == 0 ? 0 : claimHeld(process, openings, kept);
    return new Cycle(round.settled().size(), claimed + held, full, exchange.nextDue());
  }

  /**
   * What held events may be claimed, in half of the room: neither they nor what is due waits for
   * ever while there is much of the other.
   */
  private Map<UUID, Integer> openings(int room) {
    int odd = rounds.getAndIncrement() & 1;
    int half = (room + odd) / 2;
    return half == 0 ? Map.of() : parts.lanes().openings(half);
  }

  private int claimHeld(ProcessId process, Map<UUID, Integer> openings, int kept) {
    Map<UUID, List<Claim>> lanes = Map.of();
    exchanging.readLock().lock();
    try {
      lanes = parts.store().claimHeld(process, openings, parts.clock().instant());
    } catch (RuntimeException e) {
      uncertain = true;
      throw e;
    } finally {
      workload.reserved(kept, lanes.values().stream().flatMap(List::stream).toList());
      parts.lanes().claimed(openings, lanes);
      exchanging.readLock().unlock();
    }
    lanes.values().forEach(claims -> claims.forEach(claim -> begin(claim, process)));
    return lanes.values().stream().mapToInt(List::size).sum();
  }

  /**
   * An exchange that failed here may have been committed there: the claims it made would stay with
   * this process, which renews its lease, for ever.
   */
  private void becomeCertain() {
    if (!uncertain) {
      return;
    }
    exchanging.writeLock().lock();
    try {
      int handedBack =
          parts.store().handBackUnknown(lease.process(), workload.known(), parts.clock().instant());
      uncertain = false;
      if (handedBack > 0) {
        LOG.warn("handed back {} events whose claim was answered too late", handedBack);
      }
    } finally {
      exchanging.writeLock().unlock();
    }
  }

  private void begin(Claim claim, ProcessId process) {
    attempts.execute(
        () -> workload.ended(claim, lease.isHeldAs(process) ? performer.perform(claim) : null));
  }

  private void report(int settled, Exchange exchange, Duration took) {
    if (settled > 0 || !exchange.claims().isEmpty()) {
      parts.listener().exchanged(settled, exchange.claims().size(), took);
    }
    if (!exchange.fenced().isEmpty()) {
      LOG.warn("too late to settle, the claims were taken back: {}", exchange.fenced());
      parts.listener().fenced(exchange.fenced().size());
    }
  }
}
