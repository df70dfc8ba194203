package dev.carillon.schedule.running;

import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.schedule.TargetChoice;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * The schedules that runs belong to, kept in memory: a run needs a definition as new as the one
 * that planned it. Safe for use by many threads.
 */
final class Lookup {

  /** How many schedules are kept. */
  static final int MAX_KEPT = 10_000;

  /** How much memory they take, about, in bytes: one with a large input takes that of hundreds. */
  static final long MAX_BYTES = 64L << 20;

  /** What a small schedule takes, about. */
  private static final int BYTES = 2_000;

  /** What a date in a set takes, about. */
  private static final int BYTES_PER_DATE = 48;

  private static final float LOAD = 0.75f;

  private final Jdbi jdbi;
  private final Map<UUID, Kept> kept = new LinkedHashMap<>(16, LOAD, true);
  private long bytes;

  private record Kept(Schedule schedule, long bytes) {}

  Lookup(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A schedule of this revision or a later one; empty if it is gone. */
  Optional<Schedule> find(UUID id, long revision) {
    synchronized (kept) {
      Kept known = kept.get(id);
      if (known != null && known.schedule().revision() >= revision) {
        return Optional.of(known.schedule());
      }
    }
    return fresh(id);
  }

  /** Keeps schedules that were just read, unless a later revision is known. */
  void keep(Collection<Schedule> read) {
    synchronized (kept) {
      for (Schedule schedule : read) {
        Kept known = kept.get(schedule.id());
        if (known == null || known.schedule().revision() <= schedule.revision()) {
          put(schedule);
        }
      }
    }
  }

  /** A schedule as it is now; empty if it is gone. */
  Optional<Schedule> fresh(UUID id) {
    Optional<Schedule> found = jdbi.withHandle(handle -> ScheduleTable.find(handle, id));
    synchronized (kept) {
      found.ifPresentOrElse(this::put, () -> remove(id));
    }
    return found;
  }

  private void put(Schedule schedule) {
    remove(schedule.id());
    Kept added = new Kept(schedule, bytes(schedule.definition()));
    kept.put(schedule.id(), added);
    bytes += added.bytes();
    while (kept.size() > MAX_KEPT || bytes > MAX_BYTES) {
      remove(kept.keySet().iterator().next());
    }
  }

  private void remove(UUID id) {
    Kept removed = kept.remove(id);
    bytes -= removed == null ? 0 : removed.bytes();
  }

  private static long bytes(Definition definition) {
    TargetChoice target = definition.target();
    String input = target.input();
    long characters = target.settings().toString().length();
    characters += input == null ? 0 : input.length();
    long dates = definition.timing().excludedDates().size();
    return BYTES + dates * BYTES_PER_DATE + characters * Character.BYTES;
  }
}
