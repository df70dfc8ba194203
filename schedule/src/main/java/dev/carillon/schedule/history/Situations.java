package dev.carillon.schedule.history;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.UnreadableSchedule;
import dev.carillon.schedule.history.Situation.LeftOut;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what bears on whether a schedule runs. Safe for use by many threads.
 *
 * @param schedules what is planned
 * @param calendars the dates that are left out
 * @param history what came of it
 * @param zones the zones' rules
 */
public record Situations(
    Schedules schedules, Calendars calendars, History history, TimeZones zones) {

  private static final Logger LOG = LoggerFactory.getLogger(Situations.class);

  /** How many of the last runs are looked at. */
  static final int RUNS = 20;

  /** How many nominal times are looked at for one that was left out. */
  static final int MOST_LEFT_OUT = 1_000;

  /** How far back is looked for one. */
  static final Duration LOOKED_BACK = Duration.ofDays(366);

  public Situations {
    requireNonNull(schedules, "schedules is null");
    requireNonNull(calendars, "calendars is null");
    requireNonNull(history, "history is null");
    requireNonNull(zones, "zones is null");
  }

  /**
   * The situation of a schedule.
   *
   * @param targetTrouble what is wrong with its target; null if nothing is known to be
   */
  public Situation of(Schedule schedule, @Nullable String targetTrouble, Instant now) {
    List<PastRun> runs = history.runs(schedule.id(), null, null, RUNS);
    Optional<Miss> miss =
        history.jdbi().withHandle(handle -> Misses.list(handle, schedule.id(), null, 1)).stream()
            .findFirst();
    return new Situation(
        schedule,
        overdue(schedule, now),
        preview(schedule, now, 1).stream().findFirst().orElse(null),
        runs,
        miss.orElse(null),
        leftOut(schedule, since(schedule, runs, now), now).orElse(null),
        history.processes(),
        targetTrouble,
        now);
  }

  /** Why a schedule does not run that cannot be read. */
  public Explanation of(UnreadableSchedule unreadable, Instant now) {
    return Explanation.of(unreadable, history.nextAt(unreadable.id()).orElse(null), now);
  }

  /** What cannot be planned has no next times either: that it is overdue explains it. */
  private List<Occurrence> preview(Schedule schedule, Instant after, int most) {
    try {
      return schedules.preview(schedule, after, most);
    } catch (JdbiException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("schedule {} cannot be planned: {}", schedule.id(), e.toString());
      return List.of();
    }
  }

  private @Nullable Instant overdue(Schedule schedule, Instant now) {
    return schedules
        .due(schedule.id())
        .map(Due::next)
        .map(Occurrence::instant)
        .filter(next -> schedule.isEnabled() && next.isBefore(now))
        .orElse(null);
  }

  private static Instant since(Schedule schedule, List<PastRun> runs, Instant now) {
    Instant ran =
        runs.stream()
            .map(run -> run.order().nominalAt())
            .filter(nominal -> !nominal.isAfter(now))
            .findFirst()
            .orElse(schedule.createdAt());
    Instant oldest = now.minus(LOOKED_BACK);
    return ran.isBefore(oldest) ? oldest : ran;
  }

  /** The latest time that would have come without gaps and excluded dates. */
  private Optional<LeftOut> leftOut(Schedule schedule, Instant since, Instant now) {
    Timing timing = schedule.definition().timing();
    if (timing.excludedDates().isEmpty()
        && timing.calendars().isEmpty()
        && timing.gap() != GapPolicy.SKIP) {
      return Optional.empty();
    }
    Map<String, Set<LocalDate>> closed = calendars.dates(timing.calendars());
    Schedule whole = schedule.defined(schedule.definition().with(whole(timing)), schedule.anchor());
    return preview(whole, since, MOST_LEFT_OUT).reversed().stream()
        .filter(each -> !each.instant().isAfter(now))
        .flatMap(each -> why(timing, closed, each).map(why -> new LeftOut(each, why)).stream())
        .findFirst();
  }

  private static Timing whole(Timing timing) {
    return new Timing(
        timing.expression(),
        timing.zone(),
        GapPolicy.SHIFT_FORWARD,
        timing.overlap(),
        timing.startAt(),
        timing.endAt(),
        Set.of(),
        List.of());
  }

  private Optional<String> why(
      Timing timing, Map<String, Set<LocalDate>> closed, Occurrence occurrence) {
    LocalDate date = occurrence.local().toLocalDate();
    if (timing.excludedDates().contains(date)) {
      return Optional.of(date + " is one of its excluded dates");
    }
    Optional<String> calendar =
        timing.calendars().stream()
            .filter(name -> closed.getOrDefault(name, Set.of()).contains(date))
            .findFirst();
    if (calendar.isPresent()) {
      return Optional.of("%s is in the calendar %s".formatted(date, calendar.get()));
    }
    boolean isInGap =
        timing.gap() == GapPolicy.SKIP
            && new WallClock(zones, timing.gap(), timing.overlap())
                .at(occurrence.local(), timing.zone())
                .isEmpty();
    return isInGap
        ? Optional.of("the clocks skip it that day, and the gap policy is to skip")
        : Optional.empty();
  }
}
