package dev.carillon.webhook.traffic;

import dev.carillon.engine.Lanes;
import dev.carillon.store.Claim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every endpoint within its limits, over all processes: how many attempts are under way, how
 * many begin a second, and whether any should. Nothing is written for a single message: a few times
 * a second the processes exchange what they have and what they want ({@link TrafficTable}), and in
 * between each goes by what it was given.
 *
 * <p>While the database does not answer, a process goes on with what it was given for {@link
 * #SHARE_LEASE}, then begins nothing. Safe for use by many threads.
 */
public final class TrafficControl implements Gate, Lanes, AutoCloseable {

  /** How often processes exchange what they have and want, while there is traffic. */
  public static final Duration CYCLE = Duration.ofMillis(250);

  /** How long what a process was given holds; what a crashed one had is free after as long. */
  public static final Duration SHARE_LEASE = Duration.ofSeconds(5);

  /** How long an attempt waits for its turn before its event is held. */
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How often a process looks which endpoints have held events. */
  public static final Duration LOOKOUT = Duration.ofSeconds(1);

  /** How long an endpoint without traffic keeps its share. */
  static final Duration IDLE = Duration.ofSeconds(2);

  /** The shortest time between two exchanges. */
  static final Duration SHORTEST_CYCLE = Duration.ofMillis(5);

  private static final Logger LOG = LoggerFactory.getLogger(TrafficControl.class);

  private final TrafficTable table;
  private final InstantSource clock;
  private final int maxWaiting;
  private final Runnable hint;
  private final Map<UUID, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition kicked = lock.newCondition();
  private final Thread thread;
  private boolean kick;
  private volatile boolean closed;
  private long lookedAt = System.nanoTime() - LOOKOUT.toNanos();

  /**
   * Traffic control of one process; runs until it is closed.
   *
   * @param maxWaiting how many attempts wait for their turn at most, over all endpoints
   * @param hint tells the engine that held events may be claimed
   */
  public TrafficControl(TrafficTable table, InstantSource clock, int maxWaiting, Runnable hint) {
    this.table = table;
    this.clock = clock;
    this.maxWaiting = maxWaiting;
    this.hint = hint;
    this.thread = Thread.ofPlatform().daemon().name("carillon-traffic").start(this::run);
  }

  @Override
  public Admission enter(UUID endpoint) throws InterruptedException {
    Lane lane = lane(endpoint);
    Admission admission = lane.tryEnter();
    if (admission != null) {
      return admission;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return lane.hold("too much waits for slow endpoints");
    }
    try {
      kick();
      return lane.enter(PATIENCE);
    } finally {
      waiting.decrementAndGet();
    }
  }

  @Override
  public Map<UUID, Integer> openings(int most) {
    Map<UUID, Integer> openings = new HashMap<>();
    int left = most;
    for (Lane lane : lanes.values()) {
      int some = left == 0 ? 0 : lane.openings(left);
      if (some > 0) {
        openings.put(lane.endpoint(), some);
        left -= some;
      }
    }
    return openings;
  }

  @Override
  public void claimed(Map<UUID, Integer> openings, Map<UUID, List<Claim>> claims) {
    openings.forEach((endpoint, some) ->
        lane(endpoint).claimed(some, claims.getOrDefault(endpoint, List.of()).size()));
  }

  /**
   * The endpoint's revision as the other processes see it: what is known of an older one is out of
   * date. 0 if nothing is known.
   */
  public long revision(UUID endpoint) {
    Lane lane = lanes.get(endpoint);
    return lane == null ? 0 : lane.revision();
  }

  /** Makes the next exchange come at once. */
  public void kick() {
    lock.lock();
    try {
      kick = true;
      kicked.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    kick();
    try {
      thread.join(SHARE_LEASE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Lane lane(UUID endpoint) {
    return lanes.computeIfAbsent(endpoint, id -> new Lane(id, clock, this::kick));
  }

  private void run() {
    while (!closed) {
      try {
        cycle();
      } catch (RuntimeException e) {
        LOG.warn("cannot exchange the traffic of endpoints; trying again: {}", e.toString());
      }
      try {
        Thread.sleep(SHORTEST_CYCLE);
        awaitKick();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        closed = true;
      }
    }
    leave();
  }

  private void cycle() {
    if (System.nanoTime() - lookedAt >= LOOKOUT.toNanos()) {
      lookedAt = System.nanoTime();
      table.lanesWithHeldEvents().forEach(id -> lane(id).markHolding());
    }
    Instant now = clock.instant();
    List<Lane> idle = lanes.values().stream().filter(lane -> lane.retire(IDLE)).toList();
    idle.forEach(lane -> lanes.remove(lane.endpoint()));
    if (!idle.isEmpty()) {
      table.release(idle.stream().map(Lane::endpoint).toList());
    }
    if (!lanes.isEmpty()) {
      exchange(List.copyOf(lanes.values()), now);
    }
  }

  private void exchange(List<Lane> active, Instant now) {
    List<Lane.Request> requests = active.stream().map(Lane::request).toList();
    Map<UUID, Lane.Grant> grants;
    try {
      grants = table.exchange(requests, now);
    } catch (RuntimeException e) {
      for (int i = 0; i < active.size(); i++) {
        active.get(i).failed(requests.get(i));
      }
      throw e;
    }
    for (Lane lane : active) {
      Lane.Grant grant = grants.get(lane.endpoint());
      lane.dropSlotsBefore(now.minus(CYCLE));
      lane.granted(grant == null ? TrafficTable.GONE : grant, SHARE_LEASE);
    }
    hint.run();
  }

  private void leave() {
    try {
      table.release(List.copyOf(lanes.keySet()));
    } catch (RuntimeException e) {
      LOG.warn("cannot give back the traffic's share; it runs out by itself: {}", e.toString());
    }
  }

  private void awaitKick() throws InterruptedException {
    lock.lock();
    try {
      long left = CYCLE.toNanos();
      while (!kick && !closed && left > 0) {
        left = kicked.awaitNanos(left);
      }
      kick = false;
    } finally {
      lock.unlock();
    }
  }
}
