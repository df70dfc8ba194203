package dev.carillon.server.performing;

import static java.util.Objects.requireNonNull;

import dev.carillon.birthday.YearlyEventType;
import dev.carillon.engine.Engine;
import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Change;
import dev.carillon.postgres.EventOperations.Filter;
import dev.carillon.schedule.Schedule;
import dev.carillon.server.calendar.CalendarRefresh;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of this process and its deliveries, from their start to their graceful stop. */
public final class Performing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Performing.class);

  private final List<YearlyEventType> types;
  private final EventOperations operations;
  private final InstantSource clock;
  private final Duration stopTimeout;
  private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
  private final AtomicReference<@Nullable Housekeeping> housekeeping = new AtomicReference<>();

  /** What runs; {@code own} is the database of the rest, and closed after it. */
  record Running(Engine engine, Deliveries deliveries, Scheduling scheduling, Database own) {}

  /** What is performed, before it is started. */
  Performing(
      List<YearlyEventType> types,
      EventOperations operations,
      InstantSource clock,
      Duration stopTimeout) {
    this.types = List.copyOf(types);
    this.operations = requireNonNull(operations, "operations is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.stopTimeout = requireNonNull(stopTimeout, "stopTimeout is null");
  }

  /** Starts the upkeep. */
  void start(Housekeeping upkeep) {
    housekeeping.set(upkeep);
    upkeep.start();
  }

  /** Starts to perform what is due. */
  void start(Running parts) {
    running.set(parts);
    parts.engine().start();
    parts.scheduling().start();
  }

  /** The deliveries of this process; empty before its start and after its stop. */
  public Optional<Deliveries> deliveries() {
    return Optional.ofNullable(running.get()).map(Running::deliveries);
  }

  /** What fetches calendars; empty before the start and after the stop. */
  public Optional<CalendarRefresh> calendars() {
    return Optional.ofNullable(housekeeping.get()).map(Housekeeping::calendars);
  }

  /** How many events and schedules moved with the time zone rules since this process started. */
  public long moved() {
    Housekeeping upkeep = housekeeping.get();
    return upkeep == null ? 0 : upkeep.moved();
  }

  /** What schedules may do; empty before the start and after the stop, when nobody knows. */
  public Optional<ScheduleTargets> scheduleTargets() {
    return Optional.ofNullable(running.get()).map(now -> now.scheduling().targets());
  }

  /** What is wrong with a schedule's target; empty if nothing is known to be. */
  public Optional<String> targetTrouble(Schedule schedule) {
    return Optional.ofNullable(running.get())
        .flatMap(now -> Optional.ofNullable(now.scheduling().trouble().apply(schedule)));
  }

  /** A schedule was made or changed, or a run of it planned: something may be due then. */
  public void scheduleChanged(Instant due) {
    Running now = running.get();
    if (now != null) {
      now.scheduling().planner().kick();
      now.engine().hint(due);
    }
  }

  /** The event types, BIRTHDAY first. */
  public List<YearlyEventType> types() {
    return types;
  }

  /** What follows an event that was called off. */
  public Optional<Event> next(Event event) {
    return type(event.type()).flatMap(type -> type.next(event));
  }

  /** An event type by its name. */
  public Optional<EventType> type(String name) {
    return Stream.concat(types.stream(), deliveries().map(Deliveries::alerts).stream())
        .filter(type -> type.name().equals(name))
        .findFirst();
  }

  /** Tries an event again now. */
  public Change retry(UUID event) {
    Change change = operations.retry(event, clock.instant());
    hint(clock.instant());
    return change;
  }

  /** Redrives a dead letter; false if it is none, or the same is live again. */
  public boolean redrive(UUID event) {
    Instant now = clock.instant();
    boolean redriven = operations.redrive(event, now);
    hint(now);
    return redriven;
  }

  /**
   * Redrives the dead letters that the filter lets through.
   *
   * @return how many
   */
  public int redriveAll(Filter filter) {
    Instant now = clock.instant();
    int redriven = operations.redriveAll(filter, now);
    hint(now);
    return redriven;
  }

  /** An event was planned that is due at this time. */
  public void hint(Instant due) {
    Running now = running.get();
    if (now != null) {
      now.engine().hint(due);
    }
  }

  /**
   * Stops: what is in flight is finished or handed back. Nothing else waits for that: from the
   * beginning of the stop on, nothing is delivered here and hints are for other processes.
   */
  @Override
  public void close() {
    Housekeeping upkeep = housekeeping.getAndSet(null);
    if (upkeep != null) {
      upkeep.close();
    }
    Running stopping = running.getAndSet(null);
    if (stopping != null) {
      stop(stopping);
    }
  }

  private void stop(Running stopping) {
    try (Database _ = stopping.own();
        Deliveries _ = stopping.deliveries();
        Scheduling _ = stopping.scheduling()) {
      stopping.scheduling().stop();
      int handedBack = stopping.engine().stop(stopTimeout);
      LOG.info("the engine stopped; {} events were handed back", handedBack);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error(
          "the engine could not hand back what it had claimed; others recover it: {}",
          String.valueOf(e.getMessage()));
    }
  }
}
