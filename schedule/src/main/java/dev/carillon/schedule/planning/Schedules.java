package dev.carillon.schedule.planning;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.postgres.SubjectEvents;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What people do with schedules. A change first plans what is due by the old definition, then calls
 * off what was planned ahead and has not begun, and goes on from there by the new one, all in one
 * transaction: no nominal time fires twice, and none that was due is lost. Safe for use by many
 * threads and processes.
 */
public final class Schedules {

  /** The most nominal times of one backfill. */
  public static final int MAX_BACKFILL = 10_000;

  /** The most nominal times of one preview. */
  public static final int MAX_PREVIEW = 1_000;

  static final String DELETED = "the schedule was deleted";

  private final Jdbi jdbi;
  private final Planner planner;
  private final PlanTables tables;
  private final EventIds ids;
  private final InstantSource clock;
  private final Consumer<Instant> changed;

  /**
   * The schedules of a database.
   *
   * @param clock tells what is due: the engine's
   * @param changed is told after each commit when something may be due: the engine may be given the
   *     hint, and the planner is to be kicked
   */
  public Schedules(Jdbi jdbi, Planner planner, InstantSource clock, Consumer<Instant> changed) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.planner = requireNonNull(planner, "planner is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.changed = requireNonNull(changed, "changed is null");
    this.ids = new EventIds(clock);
    this.tables = new PlanTables(planner, ids);
  }

  /** A schedule. */
  public Optional<Schedule> find(UUID id) {
    return jdbi.withHandle(handle -> ScheduleTable.find(handle, id));
  }

  /** A schedule by its name. */
  public Optional<Schedule> find(String group, String name) {
    return jdbi.withHandle(handle -> ScheduleTable.find(handle, group, name));
  }

  /** How far a schedule is planned, and what is next. */
  public Optional<Due> due(UUID id) {
    return jdbi.withHandle(handle -> ScheduleTable.due(handle, id));
  }

  /**
   * A page of schedules, newest first.
   *
   * @param before the last id of the page before; null for the first page
   * @param limit from 1 to {@link ScheduleTable#MAX_PAGE}, or one more
   */
  public List<Schedule> list(ScheduleTable.Filter filter, @Nullable UUID before, int limit) {
    return jdbi.withHandle(handle -> ScheduleTable.list(handle, filter, before, limit));
  }

  /**
   * A page of a schedule's firings that were not run, the latest nominal time first.
   *
   * @param before the last nominal time of the page before; null for the first page
   * @param limit from 1 to {@link Misses#MAX_PAGE}, or one more
   */
  public List<Miss> misses(UUID id, @Nullable Instant before, int limit) {
    return jdbi.withHandle(handle -> Misses.list(handle, id, before, limit));
  }

  /**
   * The next nominal times of a schedule, as if it were enabled.
   *
   * @param most from 1 to {@link #MAX_PREVIEW}
   */
  public List<Occurrence> preview(Schedule schedule, Instant after, int most) {
    Set<LocalDate> closed = jdbi.withHandle(handle -> PlanTables.closed(handle, schedule));
    return planner.next(schedule, closed, after, Math.clamp(most, 1, MAX_PREVIEW));
  }

  /** Creates a schedule. A rate fires at its start, or at once. */
  public Change create(Definition definition) {
    return create(definition, null);
  }

  /**
   * Creates a schedule.
   *
   * @param paused why it does not fire until it is resumed; null if it does
   */
  public Change create(Definition definition, @Nullable String paused) {
    Instant now = now();
    Schedule.Standing standing =
        paused == null
            ? new Schedule.Standing(ScheduleState.ENABLED, "", now)
            : new Schedule.Standing(ScheduleState.PAUSED, paused, now);
    Schedule schedule =
        new Schedule(ids.next(), definition, standing, 1, wholeSecondFrom(now), now, now);
    Change change =
        jdbi.inTransaction(handle ->
            Calendars.unknown(handle, definition)
                .<Change>map(Change.UnknownCalendar::new)
                .orElseGet(() -> insert(handle, schedule)));
    return announced(change);
  }

  /**
   * Gives a schedule another definition.
   *
   * @param revision only if it still has this one; null for whatever it has
   */
  public Change update(UUID id, Definition definition, @Nullable Long revision) {
    return change(
        id,
        editing -> {
          Schedule old = editing.schedule();
          if (revision != null && revision != old.revision()) {
            return new Change.Conflict(
                "revision %d was expected, it has %d".formatted(revision, old.revision()));
          }
          if (ScheduleTable.isTaken(editing.handle(), id, definition)) {
            return new Change.NameTaken(definition.group(), definition.name());
          }
          return Calendars.unknown(editing.handle(), definition)
              .<Change>map(Change.UnknownCalendar::new)
              .orElseGet(() -> editing.redefine(definition, wholeSecondFrom(editing.now())));
        });
  }

  /** Stops a schedule until it is resumed; what is due already goes on. */
  public Change pause(UUID id, String reason) {
    return change(
        id,
        editing ->
            editing.schedule().isEnabled()
                ? editing.pause(reason)
                : conflict(editing.schedule(), "paused"));
  }

  /**
   * Lets a paused schedule fire again, from now on: what it would have done meanwhile was not
   * missed, but not wanted.
   */
  public Change resume(UUID id) {
    return change(
        id,
        editing ->
            editing.schedule().standing().state() == ScheduleState.PAUSED
                ? editing.resume()
                : conflict(editing.schedule(), "resumed"));
  }

  /** Deletes a schedule and cancels its runs, also those that have begun; their history stays. */
  public boolean delete(UUID id) {
    return jdbi.inTransaction(handle -> {
      if (ScheduleTable.lock(handle, id).isEmpty()) {
        return false;
      }
      ScheduleTable.lockDue(handle, id);
      SubjectEvents.cancelAll(handle, id, DELETED);
      return ScheduleTable.delete(handle, id);
    });
  }

  /**
   * Runs a schedule now, whether it is enabled or not.
   *
   * @return the run's id, which its event has; empty if there is no such schedule
   */
  public Optional<UUID> runNow(UUID id) {
    return runNow(id, null);
  }

  /**
   * Runs a schedule now, whether it is enabled or not.
   *
   * @param input the template of what its target is handed, in place of its own; null for its own
   * @return the run's id, which its event has; empty if there is no such schedule
   * @throws IllegalArgumentException if the input is longer than an event's data may be
   */
  public Optional<UUID> runNow(UUID id, @Nullable String input) {
    Optional<UUID> run =
        jdbi.inTransaction(handle ->
            ScheduleTable.lock(handle, id)
                .map(schedule -> {
                  Instant now = now();
                  Editing.of(handle, schedule, tables, now).planDue();
                  Event planned = planner.manual(schedule, ids.next(), now).event(ids);
                  Event event = input == null ? planned : RunOrder.withInput(planned, input);
                  PostgresEventStore.plan(handle, List.of(event));
                  return event.id();
                }));
    run.ifPresent(_ -> changed.accept(clock.instant()));
    return run;
  }

  /**
   * Runs the nominal times of a past range, in their order, from now on.
   *
   * @param from the first
   * @param to the last, not in the future
   */
  public Backfill backfill(UUID id, Instant from, Instant to) {
    Instant now = now();
    if (to.isAfter(now) || from.isAfter(to)) {
      return new Backfill.Refused("from %s to %s is no range of the past".formatted(from, to));
    }
    Backfill result =
        jdbi.inTransaction(handle ->
            ScheduleTable.lock(handle, id)
                .map(schedule ->
                    backfill(handle, schedule, new Planner.Range(from, to, MAX_BACKFILL + 1), now))
                .orElseGet(() -> new Backfill.Refused("there is no schedule " + id)));
    if (result instanceof Backfill.Planned) {
      changed.accept(now);
    }
    return result;
  }

  private Backfill backfill(Handle handle, Schedule schedule, Planner.Range range, Instant now) {
    Set<LocalDate> closed = PlanTables.closed(handle, schedule);
    List<Plan.Run> runs = planner.backfill(schedule, closed, range, now);
    if (runs.size() > MAX_BACKFILL) {
      return new Backfill.Refused(
          "the range has more than %d nominal times".formatted(MAX_BACKFILL));
    }
    Editing.of(handle, schedule, tables, now).planDue();
    return new Backfill.Planned(tables.planAll(handle, runs));
  }

  private Change insert(Handle handle, Schedule schedule) {
    return Editing.ofNew(handle, schedule, tables).insert();
  }

  Change change(UUID id, Function<Editing, Change> edit) {
    Change change =
        jdbi.inTransaction(handle -> {
          // Locked before the time is read: what is due then is due for whoever had the lock
          // before.
          Optional<Schedule> locked = ScheduleTable.lock(handle, id);
          return locked
              .map(schedule -> edit.apply(Editing.of(handle, schedule, tables, now())))
              .orElseGet(Change.NotFound::new);
        });
    return announced(change);
  }

  private Change announced(Change change) {
    if (change instanceof Change.Done(Schedule _, Due due)) {
      changed.accept(due.next() == null ? clock.instant() : due.next().instant());
    }
    return change;
  }

  private static Change conflict(Schedule schedule, String wanted) {
    return new Change.Conflict(
        "a schedule that is %s cannot be %s".formatted(schedule.standing().state(), wanted));
  }

  /** Tables keep microseconds. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static Instant wholeSecondFrom(Instant instant) {
    Instant whole = instant.truncatedTo(ChronoUnit.SECONDS);
    return whole.equals(instant) ? whole : whole.plusSeconds(1);
  }
}
