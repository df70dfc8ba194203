package dev.carillon.webhook.traffic;

import dev.carillon.engine.Lanes;
import dev.carillon.store.Claim;
import java.time.Duration;
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
  static final Duration SHORTEST_CYCLE = Duration.ofMillis(20);

  /** How often rows are deleted that processes and endpoints left behind. */
  static final Duration FORGETS = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(TrafficControl.class);

  private final TrafficTable table;
  private final InstantSource clock;
  private final int maxWaiting;
  private final Runnable hint;
  private final Map<UUID, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean kick;
  private volatile boolean closed;
  private long lookedAt = System.nanoTime() - LOOKOUT.toNanos();
  private long forgotAt = System.nanoTime() - FORGETS.toNanos();

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
    if (closed) {
      return new Admission.Refused("the process stops");
    }
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
      if (lane.isWorthAsking()) {
        kick();
      }
      return lane.enter(PATIENCE);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** {@inheritDoc} Where there is too little room for all, each call begins with another lane. */
  @Override
  public Map<UUID, Integer> openings(int most) {
    Map<UUID, Integer> openings = new HashMap<>();
    List<Lane> all = List.copyOf(lanes.values());
    int first = all.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), all.size());
    int left = most;
    for (int i = 0; i < all.size() && left > 0; i++) {
      Lane lane = all.get((first + i) % all.size());
      int some = lane.openings(left);
      if (some > 0) {
        openings.put(lane.endpoint(), some);
        left -= some;
      }
    }
    return openings;
  }

  @Override
  public void claimed(Map<UUID, Integer> openings, Map<UUID, List<Claim>> claims) {
    openings.forEach((endpoint, some) -> {
      Lane lane = lanes.get(endpoint);
      if (lane != null) {
        lane.claimed(some, claims.getOrDefault(endpoint, List.of()).size());
      }
    });
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
      changed.signal();
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
    Lane lane = lanes.computeIfAbsent(endpoint, this::newLane);
    while (!lane.use()) {
      lanes.remove(endpoint, lane);
      lane = lanes.computeIfAbsent(endpoint, this::newLane);
    }
    return lane;
  }

  private Lane newLane(UUID endpoint) {
    return new Lane(endpoint, clock, this::kick);
  }

  private void run() {
    boolean well = true;
    while (!closed) {
      boolean before = well;
      well = cycled(before);
      if (well && !before) {
        LOG.info("the traffic of endpoints is exchanged again");
      }
      pause(well ? SHORTEST_CYCLE : CYCLE);
    }
    leave();
  }

  /** Whether a cycle did its work; whatever it threw, there will be another one. */
  private boolean cycled(boolean before) {
    try {
      cycle();
      return true;
    } catch (RuntimeException | Error e) {
      if (before) {
        LOG.warn("cannot exchange the traffic of endpoints; trying again", e);
      }
      return false;
    }
  }

  private void cycle() {
    List<Lane> idle = lanes.values().stream().filter(lane -> lane.retire(IDLE)).toList();
    idle.forEach(lane -> lanes.remove(lane.endpoint(), lane));
    if (!idle.isEmpty()) {
      table.release(idle.stream().map(Lane::endpoint).toList());
    }
    List<Lane> due = lanes.values().stream().filter(Lane::isDue).toList();
    for (int i = 0; i < due.size(); i += TrafficTable.MAX_EXCHANGED) {
      exchange(due.subList(i, Math.min(due.size(), i + TrafficTable.MAX_EXCHANGED)));
    }
    lookOut();
    if (lanes.values().stream().anyMatch(Lane::hasOpenings)) {
      hint.run();
    }
  }

  private void lookOut() {
    long now = System.nanoTime();
    if (now - lookedAt >= LOOKOUT.toNanos()) {
      lookedAt = now;
      TrafficTable.HeldLanes held = table.heldLanes(clock.instant());
      held.open().forEach(id -> lane(id).markHolding());
      held.deleted().forEach(id -> table.dissolve(id, clock.instant()));
    }
    if (now - forgotAt >= FORGETS.toNanos()) {
      forgotAt = now;
      table.forget();
    }
  }

  private void exchange(List<Lane> active) {
    long begin = System.nanoTime();
    List<Request> requests = active.stream().map(Lane::request).toList();
    Map<UUID, Grant> grants;
    try {
      grants = table.exchange(requests, clock.instant());
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < active.size(); i++) {
        active.get(i).failed(requests.get(i));
      }
      throw e;
    }
    // The lease ends here before it does there.
    long until = begin + SHARE_LEASE.toNanos();
    boolean urgent = false;
    for (int i = 0; i < active.size(); i++) {
      Lane lane = active.get(i);
      Grant grant = grants.getOrDefault(lane.endpoint(), Grant.NOTHING);
      urgent |= lane.granted(requests.get(i), grant, until);
    }
    if (urgent) {
      kick();
    }
  }

  private void leave() {
    try {
      table.release(List.copyOf(lanes.keySet()));
    } catch (RuntimeException e) {
      LOG.warn("cannot give back the traffic's share; it runs out by itself: {}", e.toString());
    }
  }

  /** Waits for the next cycle, at least for a time, however urgent it is. */
  private void pause(Duration least) {
    lock.lock();
    try {
      long begin = System.nanoTime();
      long waited = 0;
      while (!closed && waited < (kick ? least : CYCLE).toNanos()) {
        changed.awaitNanos((kick ? least : CYCLE).toNanos() - waited);
        waited = System.nanoTime() - begin;
      }
      kick = false;
    } catch (InterruptedException e) {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
