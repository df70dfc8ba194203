package dev.carillon.schedule;

import dev.carillon.postgres.Statements;
import dev.carillon.store.TimeZoneStore;
import dev.carillon.time.Occurrence;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables of schedules, within the caller's transaction. */
public final class ScheduleTable {

  /** The most schedules, and the most misses, of one page. */
  public static final int MAX_PAGE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(ScheduleTable.class);
  private static final Statements SQL = Statements.beside(ScheduleTable.class, "schedules.sql");

  private ScheduleTable() {}

  /**
   * Which schedules to list; null means any.
   *
   * @param group of which group
   * @param namePrefix whose names begin so
   * @param tag which carry it
   * @param state in which state
   */
  public record Filter(
      @Nullable String group,
      @Nullable String namePrefix,
      @Nullable String tag,
      @Nullable ScheduleState state) {

    /** All schedules. */
    public static final Filter ALL = new Filter(null, null, null, null);
  }

  /**
   * How far a schedule is planned from now on.
   *
   * @param due how far, and what is next
   * @param tzdbVersion the release that {@code next} was derived with
   * @param endReason why nothing follows any more; null if something does, or nobody asked
   */
  public record Advance(Due due, String tzdbVersion, @Nullable String endReason) {}

  /** Adds a schedule; false if its name is taken. */
  public static boolean insert(Handle handle, Schedule schedule, Advance advance) {
    if (ScheduleRows.bind(handle.createUpdate(SQL.get("insert")), schedule).execute() == 0) {
      return false;
    }
    Due due = advance.due();
    handle
        .createUpdate(SQL.get("insert_due"))
        .bind("id", schedule.id())
        .bind("next_at", due.next() == null ? null : due.next().instant())
        .bind("next_local", due.next() == null ? null : due.next().local())
        .bind("planned_up_to", due.plannedUpTo())
        .bind("planned_local", due.plannedLocal())
        .bind("tzdb_version", advance.tzdbVersion())
        .execute();
    return true;
  }

  /** Writes a schedule anew, under its id. */
  public static void update(Handle handle, Schedule schedule) {
    ScheduleRows.bind(handle.createUpdate(SQL.get("update")), schedule).execute();
  }

  /** Whether another schedule has this one's name. */
  public static boolean isTaken(Handle handle, UUID id, Definition definition) {
    return handle
        .createQuery(SQL.get("is_taken"))
        .bind("id", id)
        .bind("grp", definition.group())
        .bind("name", definition.name())
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * A schedule.
   *
   * @throws UnreadableSchedule if this process cannot read it, as all that read one
   */
  public static Optional<Schedule> find(Handle handle, UUID id) {
    return one(handle, "find", id);
  }

  /** A schedule by its name. */
  public static Optional<Schedule> find(Handle handle, String group, String name) {
    return handle
        .createQuery(SQL.get("find_by_name"))
        .bind("grp", group)
        .bind("name", name)
        .map((row, _) -> ScheduleRows.read(row))
        .findOne();
  }

  /** A schedule, locked until the transaction ends. To be done before its due row is locked. */
  public static Optional<Schedule> lock(Handle handle, UUID id) {
    return one(handle, "lock", id);
  }

  /** A page of schedules, newest first. */
  public static List<Schedule> list(
      Handle handle, Filter filter, @Nullable UUID before, int limit) {
    return handle
        .createQuery(SQL.get("list"))
        .bind("before", before)
        .bind("grp", filter.group())
        .bind("prefix", filter.namePrefix())
        .bind("tag", filter.tag())
        .bind("state", filter.state() == null ? null : filter.state().name())
        .bind("limit", Math.clamp(limit, 1, MAX_PAGE + 1))
        .map((row, _) -> readable(() -> ScheduleRows.read(row), row.getString("id")))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Deletes a schedule with its due row and its misses; false if there was none. */
  public static boolean delete(Handle handle, UUID id) {
    return handle.createUpdate(SQL.get("delete")).bind("id", id).execute() == 1;
  }

  /** How far a schedule is planned. */
  public static Optional<Due> due(Handle handle, UUID id) {
    return oneDue(handle, "due", id);
  }

  /** The same, locked until the transaction ends: no planner plans it meanwhile. */
  public static Due lockDue(Handle handle, UUID id) {
    return oneDue(handle, "lock_due", id)
        .orElseThrow(() -> new IllegalStateException("schedule " + id + " has no due row"));
  }

  /**
   * Locks the due rows of a time, those that nobody else has locked; {@code after} is not in it.
   */
  public static List<UUID> lockNextDue(Handle handle, Instant after, Instant until, int limit) {
    return handle
        .createQuery(SQL.get("lock_next_due"))
        .bind("after", after)
        .bind("until", until)
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /** The due rows of schedules. */
  public static Map<UUID, Due> dueOf(Handle handle, Collection<UUID> ids) {
    Map<UUID, Due> found = new HashMap<>();
    handle
        .createQuery(SQL.get("read_due"))
        .bindArray("ids", UUID.class, ids.toArray())
        .map((row, _) -> readable(() -> ScheduleRows.due(row), row.getString("schedule_id")))
        .forEach(due -> due.ifPresent(one -> found.put(one.schedule(), one)));
    return found;
  }

  /** Schedules by id; one that cannot be read here is left out. */
  public static Map<UUID, Schedule> read(Handle handle, Collection<UUID> ids) {
    Map<UUID, Schedule> found = new HashMap<>();
    handle
        .createQuery(SQL.get("read"))
        .bindArray("ids", UUID.class, ids.toArray())
        .map((row, _) -> readable(() -> ScheduleRows.read(row), row.getString("id")))
        .forEach(schedule -> schedule.ifPresent(one -> found.put(one.id(), one)));
    return found;
  }

  /** Writes how far schedules are planned; the caller has locked their due rows. */
  public static void advance(Handle handle, List<Advance> advances) {
    if (advances.isEmpty()) {
      return;
    }
    handle
        .createUpdate(SQL.get("advance"))
        .bindArray("id", UUID.class, column(advances, one -> one.due().schedule()))
        .bindArray("next_at", String.class, column(advances, one -> next(one, Occurrence::instant)))
        .bindArray(
            "next_local", String.class, column(advances, one -> next(one, Occurrence::local)))
        .bindArray(
            "planned_up_to", String.class, column(advances, one -> text(one.due().plannedUpTo())))
        .bindArray(
            "planned_local", String.class, column(advances, one -> text(one.due().plannedLocal())))
        .bindArray("tzdb_version", String.class, column(advances, Advance::tzdbVersion))
        .bindArray("end_reason", String.class, column(advances, Advance::endReason))
        .execute();
  }

  /** Schedules of which a planner found that nothing follows any more, not noted yet. */
  public static List<UUID> ended(Handle handle, int most) {
    return handle.createQuery(SQL.get("ended")).bind("limit", most).mapTo(UUID.class).list();
  }

  /** Why nothing follows any more, as a planner found; empty if it did not, or it is noted. */
  public static Optional<String> endReason(Handle handle, UUID id) {
    return handle
        .createQuery(SQL.get("end_reason"))
        .bind("id", id)
        .map((row, _) -> Optional.ofNullable(row.getString(1)))
        .findOne()
        .flatMap(Function.identity());
  }

  /** Enabled schedules to pause since a run failed for good, each with why it failed. */
  public static Map<UUID, String> failing(Handle handle, int most) {
    Map<UUID, String> reasons = new LinkedHashMap<>();
    handle
        .createQuery(SQL.get("failing"))
        .bind("limit", most)
        .map(
            (row, _) -> Map.entry(row.getObject("id", UUID.class), row.getString("failure_reason")))
        .forEach(entry -> reasons.put(entry.getKey(), entry.getValue()));
    return reasons;
  }

  /**
   * Schedules to delete since they have ended, with no run left.
   *
   * @param id only this one; null for any
   */
  public static List<UUID> doneWith(Handle handle, @Nullable UUID id, int most) {
    return handle
        .createQuery(SQL.get("done_with"))
        .bind("id", id)
        .bind("limit", most)
        .mapTo(UUID.class)
        .list();
  }

  /** In which zones schedules wait that were derived with an older release than this one. */
  public static List<TimeZoneStore.Derived> derivedBefore(Handle handle, String tzdbVersion) {
    return handle
        .createQuery(SQL.get("derived_before"))
        .bind("tzdb_version", tzdbVersion)
        .map((row, _) ->
            readable(
                () -> new TimeZoneStore.Derived(ZoneId.of(row.getString(1)), row.getString(2)),
                "in " + row.getString(1)))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Locks a page of the schedules that wait and were derived so, in the order of their ids. */
  public static List<UUID> lockDerived(
      Handle handle, TimeZoneStore.Derived derived, @Nullable UUID after, int limit) {
    return handle
        .createQuery(SQL.get("lock_derived"))
        .bind("zone", derived.zone().getId())
        .bind("tzdb_version", derived.tzdbVersion())
        .bind("after", after)
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /** Leaves schedules to planners of other processes for a time; what of them is due stays due. */
  public static void leave(Handle handle, Collection<UUID> ids, Instant until) {
    if (!ids.isEmpty()) {
      handle
          .createUpdate(SQL.get("leave"))
          .bindArray("ids", UUID.class, ids.toArray())
          .bind("until", until)
          .execute();
    }
  }

  /** Which dates the named calendars list; an unknown one lists none. */
  public static Map<String, Set<LocalDate>> calendarDates(Handle handle, Collection<String> names) {
    Map<String, Set<LocalDate>> dates = new HashMap<>();
    if (!names.isEmpty()) {
      handle
          .createQuery(SQL.get("calendar_dates"))
          .bindArray("names", String.class, names.toArray())
          .map((row, _) -> Map.entry(row.getString("name"), row.getObject("date", LocalDate.class)))
          .forEach(entry ->
              dates.computeIfAbsent(entry.getKey(), _ -> new HashSet<>()).add(entry.getValue()));
    }
    return dates;
  }

  private interface Reading<T> {
    T read() throws SQLException;
  }

  private static <T> Optional<T> readable(Reading<T> reading, String id) throws SQLException {
    try {
      return Optional.of(reading.read());
    } catch (DateTimeException | IllegalArgumentException e) {
      LOG.error("schedule {} cannot be read here: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Schedule> one(Handle handle, String statement, UUID id) {
    return handle
        .createQuery(SQL.get(statement))
        .bind("id", id)
        .map((row, _) -> ScheduleRows.read(row))
        .findOne();
  }

  private static Optional<Due> oneDue(Handle handle, String statement, UUID id) {
    return handle
        .createQuery(SQL.get(statement))
        .bind("id", id)
        .map((row, _) -> ScheduleRows.due(row))
        .findOne();
  }

  private static @Nullable String next(Advance advance, Function<Occurrence, Object> part) {
    Occurrence next = advance.due().next();
    return next == null ? null : part.apply(next).toString();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static <T> @Nullable Object[] column(
      List<T> rows, Function<T, ? extends @Nullable Object> value) {
    return rows.stream().map(value).toArray();
  }
}
