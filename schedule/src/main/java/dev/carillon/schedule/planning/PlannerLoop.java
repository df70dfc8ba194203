package dev.carillon.schedule.planning;

import dev.carillon.event.EventIds;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.Rounds;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans what is due soon, once a second and whenever it is kicked. Any number of processes may run
 * one: the rows that one has locked the others pass over, and a nominal time is planned in the
 * transaction that moves its schedule on, so it is planned once.
 */
public final class PlannerLoop implements AutoCloseable {

  /** How often is looked for schedules that are due soon. */
  public static final Duration TICK = Duration.ofSeconds(1);

  /** The most schedules of one transaction. */
  public static final int MAX_SCHEDULES = 1_000;

  /** From how many rows on a transaction takes no more schedules. */
  public static final int MAX_ROWS = 10_000;

  /** How long a schedule is left to other processes that this one cannot read, or not plan. */
  static final Duration UNPLANNABLE_PAUSE = Duration.ofMinutes(1);

  /** After how long a transaction takes no more schedules: others wait for its locks. */
  static final Duration MAX_TIME = Duration.ofMillis(250);

  private static final Logger LOG = LoggerFactory.getLogger(PlannerLoop.class);

  private final Jdbi jdbi;
  private final Planner planner;
  private final PlanTables tables;
  private final InstantSource clock;
  private final Consumer<Collection<Schedule>> read;
  private final Consumer<Instant> planned;
  private final Rounds rounds =
      new Rounds("carillon-planner", new Rounds.Rhythm(TICK, Duration.ZERO), () -> planDue());

  /**
   * A planner of this process; it runs when it is started, or is driven by hand.
   *
   * @param clock tells what is due: the engine's
   * @param planned is told after each commit when the first event that was planned is due
   */
  public PlannerLoop(Jdbi jdbi, Planner planner, InstantSource clock, Consumer<Instant> planned) {
    this(jdbi, planner, clock, _ -> {}, planned);
  }

  /**
   * The same, for a process that runs what it plans.
   *
   * @param read is told before that which schedules were read: {@code ScheduleRuns::planned}
   */
  public PlannerLoop(
      Jdbi jdbi,
      Planner planner,
      InstantSource clock,
      Consumer<Collection<Schedule>> read,
      Consumer<Instant> planned) {
    this.jdbi = jdbi;
    this.planner = planner;
    this.tables = new PlanTables(planner, new EventIds(clock));
    this.clock = clock;
    this.read = read;
    this.planned = planned;
  }

  /** Starts planning on a thread of its own, until it is closed. */
  public void start() {
    rounds.start();
  }

  /** Says that a schedule may be due sooner than was known. */
  public void kick() {
    rounds.kick();
  }

  /**
   * Plans all that is due within the horizon. What is on time goes first: the backlog of a long
   * outage does not make it late.
   *
   * @return how many schedules were moved on
   */
  public int planDue() {
    int total = 0;
    boolean more = true;
    while (more) {
      boolean onTime = true;
      while (onTime) {
        Round round = plan(true);
        total += round.planned();
        onTime = round.more();
      }
      Round backlog = plan(false);
      total += backlog.planned();
      more = backlog.more();
    }
    return total;
  }

  @Override
  public void close() {
    rounds.close();
  }

  private Round plan(boolean onTime) {
    Round round = jdbi.inTransaction(handle -> round(handle, onTime));
    read.accept(round.read());
    round.first().ifPresent(planned);
    return round;
  }

  private record Round(
      int planned, Collection<Schedule> read, boolean more, Optional<Instant> first) {}

  private Round round(Handle handle, boolean onTime) {
    long begun = System.nanoTime();
    Planner.Span span = Planner.Span.ahead(clock.instant());
    Instant late = span.now().minus(Planner.GRACE);
    List<UUID> ids =
        onTime
            ? ScheduleTable.lockNextDue(handle, late, span.until(), MAX_SCHEDULES)
            : ScheduleTable.lockNextDue(handle, Instant.EPOCH, late, MAX_SCHEDULES);
    if (ids.isEmpty()) {
      return new Round(0, List.of(), false, Optional.empty());
    }
    Map<UUID, Schedule> schedules = ScheduleTable.read(handle, ids);
    Map<UUID, Due> dues = ScheduleTable.dueOf(handle, ids);
    Map<String, Set<LocalDate>> calendars =
        ScheduleTable.calendarDates(handle, PlanTables.calendars(schedules.values()));
    List<Plan> plans = new ArrayList<>();
    List<UUID> left = new ArrayList<>();
    int rows = 0;
    boolean full = ids.size() == MAX_SCHEDULES;
    for (UUID id : ids) {
      // At least one in each round: reading them may have taken all the time.
      boolean overtime = !plans.isEmpty() && System.nanoTime() - begun > MAX_TIME.toNanos();
      if (rows >= MAX_ROWS || overtime) {
        full = true;
        break;
      }
      Schedule schedule = schedules.get(id);
      Due due = dues.get(id);
      Optional<Plan> plan =
          schedule == null || due == null
              ? Optional.empty()
              : tryPlan(schedule, due, PlanTables.closed(schedule, calendars), span);
      rows += plan.map(one -> one.runs().size() + one.misses().size()).orElse(0);
      plan.ifPresentOrElse(plans::add, () -> left.add(id));
    }
    ScheduleTable.leave(handle, left, span.now().plus(UNPLANNABLE_PAUSE));
    Optional<Instant> first = tables.write(handle, plans);
    return new Round(plans.size(), schedules.values(), full || isBehind(plans, span), first);
  }

  /** One schedule that cannot be planned must not keep the others from it. */
  private Optional<Plan> tryPlan(
      Schedule schedule, Due due, Set<LocalDate> closed, Planner.Span span) {
    try {
      return Optional.of(plan(schedule, due, closed, span));
    } catch (RuntimeException e) {
      LOG.error("schedule {} cannot be planned; again in {}", schedule.id(), UNPLANNABLE_PAUSE, e);
      return Optional.empty();
    }
  }

  /** A schedule that ought not to fire waits for nothing. */
  private Plan plan(Schedule schedule, Due due, Set<LocalDate> closed, Planner.Span span) {
    return schedule.isEnabled()
        ? planner.plan(schedule, due, closed, span)
        : new Plan(
            List.of(),
            List.of(),
            new Due(due.schedule(), null, due.plannedUpTo(), due.plannedLocal()),
            null);
  }

  /** Whether a schedule had more firings than one plan takes. */
  private static boolean isBehind(List<Plan> plans, Planner.Span span) {
    return plans.stream()
        .map(plan -> plan.due().next())
        .anyMatch(next -> next != null && !next.instant().isAfter(span.until()));
  }
}
