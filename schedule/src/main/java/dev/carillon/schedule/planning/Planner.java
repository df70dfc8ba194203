package dev.carillon.schedule.planning;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.Due;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.RateExpression;
import dev.carillon.time.Occurrence;
import dev.carillon.time.OverlapPolicy;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides which nominal times of a schedule become events, and which are missed. Pure: it goes on
 * from the last nominal time that was planned, and looks at the present only to tell what is due.
 *
 * @param zones the rules that nominal times are derived with
 */
public record Planner(TimeZones zones) {

  /** How far ahead events are planned, so that the engine's timer has them when they are due. */
  public static final Duration HORIZON = Duration.ofSeconds(2);

  /** A nominal time that is planned later than this was missed: the misfire policy decides. */
  public static final Duration GRACE = Duration.ofSeconds(60);

  /** The most firings of one plan; the rest comes with the next. */
  public static final int MAX_FIRINGS = 1_000;

  public Planner {
    requireNonNull(zones, "zones is null");
  }

  /**
   * What is to be done for a schedule that fires.
   *
   * @param due how far it is planned
   * @param closed the dates of its calendars
   * @param span the time that is planned
   */
  Plan plan(Schedule schedule, Due due, Set<LocalDate> closed, Span span) {
    Nominals nominals = Nominals.of(schedule, zones, closed);
    Instant from = due.plannedUpTo();
    List<Plan.Run> runs = new ArrayList<>();
    Misfires misfires = Misfires.NONE;
    if (nominals.after(from) instanceof Firing.At(Occurrence first)
        && first.instant().isBefore(span.now().minus(GRACE))) {
      misfires = Misfires.of(schedule, nominals, first, span.now());
      misfires.caughtUp().forEach(one -> runs.add(run(schedule, one, FiringKind.CATCH_UP)));
      from = span.now();
    }
    List<Occurrence> coming = nominals.between(from, span.until(), MAX_FIRINGS);
    Instant upTo = coming.isEmpty() ? from : coming.getLast().instant();
    Firing next = nominals.after(upTo);
    addComing(runs, schedule, coming, next);
    LocalDateTime local = coming.isEmpty() ? misfires.lastLocal() : coming.getLast().local();
    return new Plan(
        runs,
        misfires.misses(),
        new Due(schedule.id(), at(next), upTo, local == null ? due.plannedLocal() : local),
        reason(next));
  }

  /**
   * What is next for a schedule that goes on from where it is planned to, without planning it. A
   * local time that was planned already is not next where other rules of the zone's clocks say that
   * it is still to come; one that is moved out of a gap may come after a later one.
   */
  Plan goOn(Schedule schedule, Due due, Set<LocalDate> closed) {
    Nominals nominals = Nominals.of(schedule, zones, closed);
    LocalDateTime done = namesByInstant(schedule) ? null : due.plannedLocal();
    Instant upTo = due.plannedUpTo();
    Firing next = nominals.after(upTo);
    while (done != null
        && next instanceof Firing.At(Occurrence again)
        && isShown(again)
        && !again.local().isAfter(done)) {
      upTo = again.instant();
      next = nominals.after(upTo);
    }
    Due moved = new Due(schedule.id(), at(next), upTo, due.plannedLocal());
    return new Plan(List.of(), List.of(), moved, reason(next));
  }

  private boolean isShown(Occurrence at) {
    var offset = zones.rules(at.zone()).getOffset(at.instant());
    return LocalDateTime.ofInstant(at.instant(), offset).equals(at.local());
  }

  /**
   * The time that a plan is made for.
   *
   * @param now what was missed is judged by it
   * @param until nominal times up to this instant are planned
   */
  record Span(Instant now, Instant until) {

    /** From now to the horizon. */
    static Span ahead(Instant now) {
      return new Span(now, now.plus(HORIZON));
    }

    /** Only what is due. */
    static Span upTo(Instant now) {
      return new Span(now, now);
    }
  }

  /** The next nominal times of a schedule, strictly after an instant. */
  List<Occurrence> next(Schedule schedule, Set<LocalDate> closed, Instant after, int most) {
    return Nominals.of(schedule, zones, closed).between(after, Instant.MAX, most);
  }

  /** The nominal times of a range as runs that begin one after another, from now on. */
  List<Plan.Run> backfill(Schedule schedule, Set<LocalDate> closed, Range range, Instant now) {
    List<Occurrence> nominal =
        Nominals.of(schedule, zones, closed)
            .between(range.from().minusNanos(1000), range.to(), range.most());
    List<Plan.Run> runs = new ArrayList<>();
    for (Occurrence one : nominal) {
      RunOrder order = RunOrder.of(schedule, one, FiringKind.BACKFILL);
      String key = key(schedule.id(), "backfill:" + one.instant());
      // A microsecond apart, so that they are claimed in the order of their nominal times.
      Instant due = now.plusNanos(1000L * runs.size());
      runs.add(new Plan.Run(order, key, due, one.tzdbVersion()));
    }
    return runs;
  }

  /** A range of nominal times, both ends in it, and how many of them at most. */
  record Range(Instant from, Instant to, int most) {}

  /** A run now, at whatever time. */
  Plan.Run manual(Schedule schedule, UUID request, Instant now) {
    var zone = schedule.definition().timing().zone();
    LocalDateTime local = LocalDateTime.ofInstant(now, zones.rules(zone).getOffset(now));
    Occurrence nominal = new Occurrence(local, zone, now, zones.version());
    RunOrder order = RunOrder.of(schedule, nominal, FiringKind.MANUAL);
    return new Plan.Run(order, key(schedule.id(), "manual:" + request), now, zones.version());
  }

  private static void addComing(
      List<Plan.Run> runs, Schedule schedule, List<Occurrence> coming, Firing next) {
    for (int i = 0; i < coming.size(); i++) {
      Occurrence following = i + 1 < coming.size() ? coming.get(i + 1) : at(next);
      runs.add(jittered(schedule, coming.get(i), following));
    }
  }

  private static Plan.Run run(Schedule schedule, Occurrence nominal, FiringKind kind) {
    return new Plan.Run(
        RunOrder.of(schedule, nominal, kind),
        key(schedule, nominal),
        nominal.instant(),
        nominal.tzdbVersion());
  }

  /** Within the flexible window, always at the same place of it, and before the next firing. */
  private static Plan.Run jittered(
      Schedule schedule, Occurrence nominal, @Nullable Occurrence following) {
    Plan.Run run = run(schedule, nominal, FiringKind.SCHEDULED);
    Policies policies = schedule.definition().policies();
    long window = policies.jitter().toMillis();
    if (following != null) {
      long apart = Duration.between(nominal.instant(), following.instant()).toMillis();
      window = Math.min(window, apart - 1);
    }
    if (window <= 0) {
      return run;
    }
    UUID id = schedule.id();
    long seed = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
    SplittableRandom random =
        new SplittableRandom(seed ^ (nominal.instant().getEpochSecond() * 0x9E3779B97F4A7C15L));
    Instant due = nominal.instant().plusMillis(random.nextLong(window + 1));
    return new Plan.Run(run.order(), run.key(), due, run.tzdbVersion());
  }

  /** The nominal local time and its zone name a firing, unless only its instant does. */
  private static String key(Schedule schedule, Occurrence nominal) {
    String name =
        namesByInstant(schedule)
            ? nominal.instant().toString()
            : "%s[%s]".formatted(nominal.local(), nominal.zone().getId());
    return key(schedule.id(), name);
  }

  /** Whether the clocks may show a local time twice to the rule. */
  private static boolean namesByInstant(Schedule schedule) {
    var timing = schedule.definition().timing();
    return timing.overlap() == OverlapPolicy.BOTH || timing.expression() instanceof RateExpression;
  }

  private static String key(UUID schedule, String firing) {
    return Schedule.EVENT_TYPE + ":" + schedule + ":" + firing;
  }

  static @Nullable Occurrence at(Firing firing) {
    return switch (firing) {
      case Firing.At(Occurrence occurrence) -> occurrence;
      case Firing.Never _ -> null;
    };
  }

  static @Nullable String reason(Firing firing) {
    return switch (firing) {
      case Firing.At _ -> null;
      case Firing.Never(String reason) -> reason;
    };
  }
}
