package dev.carillon.memory;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.store.Claim;
import dev.carillon.store.EventRecord;
import dev.carillon.store.EventStore;
import dev.carillon.store.Exchange;
import dev.carillon.store.ProcessId;
import dev.carillon.store.TimeZoneStore;
import dev.carillon.store.Transition;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store contract in memory: the model that the real stores are checked against, and enough for
 * simulations. Nothing survives the process. One lock makes every method a transaction.
 */
public final class InMemoryEventStore implements EventStore, TimeZoneStore {

  private static final class Row {
    Event event;
    EventStatus status = EventStatus.PENDING;
    long version;
    int attempts;
    Instant due;
    @Nullable ProcessId holder;
    @Nullable UUID lane;
    @Nullable Instant executedAt;
    @Nullable String failureReason;

    Row(Event event) {
      this.event = event;
      this.due = event.at().instant();
    }

    boolean isLive() {
      return !status.isFinal();
    }

    boolean isWaiting() {
      return status == EventStatus.PENDING && lane == null;
    }

    void release(Instant now) {
      lane = null;
      due = now;
    }

    void handBack(Instant now) {
      status = EventStatus.PENDING;
      holder = null;
      due = now;
    }

    boolean move(Occurrence to) {
      boolean moves = !to.instant().equals(event.at().instant());
      event =
          new Event(
              event.id(), event.subject(), event.type(), event.idempotencyKey(), to, event.data());
      due = moves && attempts == 0 ? to.instant() : due;
      return moves;
    }
  }

  private static final Comparator<Row> LONGEST_DUE_FIRST =
      Comparator.comparing((Row row) -> row.due).thenComparing(row -> row.event.id());

  private static final Comparator<Row> FIRST_PLANNED_FIRST =
      Comparator.comparing((Row row) -> row.event.at().instant())
          .thenComparing(row -> row.event.id());

  private final InstantSource leaseClock;
  private final Map<UUID, Row> rows = new HashMap<>();
  private final Map<ProcessId, Instant> leases = new HashMap<>();
  private final Map<Derived, String> fingerprints = new HashMap<>();

  /** An empty store whose leases run by the given clock. */
  public InMemoryEventStore(InstantSource leaseClock) {
    this.leaseClock = leaseClock;
  }

  @Override
  public synchronized int plan(List<Event> events) {
    int added = 0;
    for (Event event : events) {
      added += add(event) ? 1 : 0;
    }
    return added;
  }

  @Override
  public synchronized ProcessId join(String name, Duration lease) {
    ProcessId process = ProcessId.random();
    leases.put(process, leaseClock.instant().plus(lease));
    return process;
  }

  @Override
  public synchronized boolean renew(ProcessId process, Duration lease) {
    return leases.computeIfPresent(process, (_, _) -> leaseClock.instant().plus(lease)) != null;
  }

  @Override
  public synchronized int leave(ProcessId process, Instant now) {
    leases.remove(process);
    return handBack(now);
  }

  @Override
  public synchronized Exchange exchange(
      ProcessId process, List<Transition> settled, int limit, Instant now) {
    List<UUID> fenced = new ArrayList<>();
    for (Transition transition : settled) {
      if (!settle(transition)) {
        fenced.add(transition.claim().event().id());
      }
    }
    List<Claim> claims =
        rows.values().stream()
            .filter(row -> row.isWaiting() && !row.due.isAfter(now))
            .sorted(LONGEST_DUE_FIRST)
            .limit(leases.containsKey(process) ? limit : 0)
            .map(row -> claim(row, process))
            .toList();
    return new Exchange(fenced, claims, claims.size() < limit ? nextDue() : null);
  }

  @Override
  public synchronized Map<UUID, List<Claim>> claimHeld(
      ProcessId process, Map<UUID, Integer> openings, Instant now) {
    Map<UUID, List<Claim>> claims = new HashMap<>();
    if (leases.containsKey(process)) {
      openings.forEach((lane, most) -> {
        List<Row> held = held(lane, most);
        held.forEach(row -> row.lane = null);
        if (!held.isEmpty()) {
          claims.put(lane, held.stream().map(row -> claim(row, process)).toList());
        }
      });
    }
    return claims;
  }

  private List<Row> held(UUID lane, int most) {
    return rows.values().stream()
        .filter(row -> row.status == EventStatus.PENDING && lane.equals(row.lane))
        .sorted(FIRST_PLANNED_FIRST)
        .limit(most)
        .toList();
  }

  @Override
  public synchronized int handBackUnknown(ProcessId process, Collection<UUID> known, Instant now) {
    List<Row> unknown =
        rows.values().stream()
            .filter(row -> process.equals(row.holder) && !known.contains(row.event.id()))
            .toList();
    unknown.forEach(row -> row.handBack(now));
    unknown.forEach(row -> row.attempts--);
    return unknown.size();
  }

  @Override
  public synchronized int reap(Instant now) {
    leases.values().removeIf(until -> until.isBefore(leaseClock.instant()));
    return handBack(now);
  }

  @Override
  public synchronized int release(UUID lane, int limit, Instant now) {
    List<Row> released = held(lane, limit);
    released.forEach(row -> row.release(now));
    return released.size();
  }

  @Override
  public synchronized Optional<EventRecord> find(UUID id) {
    return Optional.ofNullable(rows.get(id))
        .map(row ->
            new EventRecord(
                row.event,
                row.status,
                row.version,
                row.attempts,
                row.executedAt,
                row.failureReason));
  }

  @Override
  public synchronized List<Derived> derivedBefore(String tzdbVersion) {
    return pendingEvents()
        .map(event -> new Derived(event.at().zone(), event.at().tzdbVersion()))
        .filter(derived -> derived.tzdbVersion().compareTo(tzdbVersion) < 0)
        .distinct()
        .toList();
  }

  @Override
  public synchronized void saveFingerprints(String tzdbVersion, Map<ZoneId, String> prints) {
    prints.forEach(
        (zone, print) -> fingerprints.putIfAbsent(new Derived(zone, tzdbVersion), print));
  }

  @Override
  public synchronized Optional<String> fingerprint(Derived derived) {
    return Optional.ofNullable(fingerprints.get(derived));
  }

  @Override
  public synchronized List<Event> pending(Derived derived, @Nullable UUID after, int limit) {
    return pendingEvents()
        .filter(event -> event.at().zone().equals(derived.zone()))
        .filter(event -> event.at().tzdbVersion().equals(derived.tzdbVersion()))
        .filter(event -> after == null || event.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(Event::id))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized int move(List<Move> moves) {
    int moved = 0;
    for (Move move : moves) {
      Row row = rows.get(move.event().id());
      if (row != null && row.status == EventStatus.PENDING && row.event.equals(move.event())) {
        moved += row.move(move.to()) ? 1 : 0;
      }
    }
    return moved;
  }

  private Stream<Event> pendingEvents() {
    return rows.values().stream()
        .filter(row -> row.status == EventStatus.PENDING)
        .map(row -> row.event);
  }

  private boolean add(Event event) {
    boolean taken =
        rows.values().stream()
            .anyMatch(row ->
                row.event.id().equals(event.id())
                    || (row.isLive() && row.event.idempotencyKey().equals(event.idempotencyKey())));
    if (!taken) {
      rows.put(event.id(), new Row(event));
    }
    return !taken;
  }

  private Claim claim(Row row, ProcessId process) {
    row.status = EventStatus.PROCESSING;
    row.holder = process;
    row.version++;
    row.attempts++;
    return new Claim(row.event, row.version, row.attempts);
  }

  private boolean settle(Transition transition) {
    Row row = rows.get(transition.claim().event().id());
    if (row == null
        || row.status != EventStatus.PROCESSING
        || row.version != transition.claim().version()) {
      return false;
    }
    row.holder = null;
    switch (transition) {
      case Transition.Completed _ -> end(row, EventStatus.COMPLETED, transition.at(), null);
      case Transition.Failed failed ->
          end(row, EventStatus.FAILED, transition.at(), failed.reason());
      case Transition.Retried retried -> {
        row.status = EventStatus.PENDING;
        row.due = retried.due();
        row.failureReason = retried.reason();
        row.attempts -= retried.counts() ? 0 : 1;
      }
      case Transition.Cancelled cancelled -> {
        row.status = EventStatus.CANCELLED;
        row.failureReason = cancelled.reason();
        row.attempts--;
      }
      case Transition.Held held -> {
        row.status = EventStatus.PENDING;
        row.lane = held.lane();
        row.failureReason = held.reason();
        row.attempts--;
      }
    }
    transition.next().filter(_ -> !isOvertaken(row.event)).ifPresent(this::add);
    return true;
  }

  private boolean isOvertaken(Event event) {
    return rows.values().stream()
        .filter(Row::isLive)
        .map(row -> row.event)
        .filter(other -> other.subject().equals(event.subject()))
        .filter(other -> other.type().equals(event.type()))
        .anyMatch(other -> other.at().local().isAfter(event.at().local()));
  }

  private static void end(Row row, EventStatus status, Instant at, @Nullable String reason) {
    row.status = status;
    row.executedAt = at;
    row.failureReason = reason;
  }

  private int handBack(Instant now) {
    int handedBack = 0;
    for (Row row : rows.values()) {
      if (row.status == EventStatus.PROCESSING && !leases.containsKey(row.holder)) {
        row.handBack(now);
        handedBack++;
      }
    }
    return handedBack;
  }

  private @Nullable Instant nextDue() {
    return rows.values().stream()
        .filter(Row::isWaiting)
        .map(row -> row.due)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
