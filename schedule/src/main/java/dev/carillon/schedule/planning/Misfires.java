package dev.carillon.schedule.planning;

import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the nominal times that passed while nobody was up, by the misfire policy. The
 * time that was missed may be long: what is run is looked for from its end, and what is not is
 * listed up to a limit and then counted up to another.
 *
 * @param caughtUp those that are run all the same
 * @param misses those that are not
 * @param lastLocal the last nominal local time of all; null if nothing was missed
 */
record Misfires(List<Occurrence> caughtUp, List<Miss> misses, @Nullable LocalDateTime lastLocal) {

  /** The most missed firings of one outage that get a row each; one more stands for the rest. */
  static final int MAX_LISTED = 1_000;

  /** The most of the rest that are counted; if there are more, their number is "at least". */
  static final int MAX_COUNTED = 20_000;

  /** Nothing was missed. */
  static final Misfires NONE = new Misfires(List.of(), List.of(), null);

  private static final String NOBODY_UP = "nobody was up to plan it in time, ";

  /**
   * Divides what was missed.
   *
   * @param first the first that was missed
   * @param now the last instant that counts as missed
   */
  static Misfires of(Schedule schedule, Nominals nominals, Occurrence first, Instant now) {
    Policies policies = schedule.definition().policies();
    Instant oldest = now.minus(policies.effectiveWindow());
    Instant before = first.instant().minusNanos(1000);
    int most = most(policies);
    List<Occurrence> caughtUp =
        most == 0
            ? List.of()
            : nominals.latest(most, before.isAfter(oldest) ? before : oldest, now);
    Instant until = caughtUp.isEmpty() ? now : caughtUp.getFirst().instant().minusNanos(1000);
    List<Occurrence> listed = nominals.between(before, until, MAX_LISTED);
    List<Miss> misses = new ArrayList<>();
    for (Occurrence one : listed) {
      misses.add(miss(schedule.id(), one, reason(policies, one, oldest), 1, now));
    }
    if (listed.size() == MAX_LISTED) {
      rest(nominals, misses.getLast(), until, now).ifPresent(misses::add);
    }
    LocalDateTime lastLocal =
        caughtUp.isEmpty() ? listed.getLast().local() : caughtUp.getLast().local();
    return new Misfires(caughtUp, misses, lastLocal);
  }

  /** One miss that stands for all those after the ones that are listed, if there are any. */
  private static Optional<Miss> rest(
      Nominals nominals, Miss lastListed, Instant until, Instant now) {
    Instant from = lastListed.nominalAt();
    return nominals.between(from, until, 1).stream()
        .findFirst()
        .map(first -> {
          int count = nominals.count(from, until, MAX_COUNTED);
          String most = count == MAX_COUNTED ? "at least " : "";
          String reason = "%sas were %s%d in all from here on".formatted(NOBODY_UP, most, count);
          return miss(lastListed.schedule(), first, reason, count, now);
        });
  }

  private static int most(Policies policies) {
    return switch (policies.misfire()) {
      case SKIP -> 0;
      case FIRE_ONCE -> 1;
      case FIRE_ALL -> policies.maxCatchUp();
    };
  }

  private static String reason(Policies policies, Occurrence missed, Instant oldest) {
    String why =
        switch (policies.misfire()) {
          case SKIP -> "and missed firings are skipped";
          case FIRE_ONCE -> "and only the latest missed firing is run";
          case FIRE_ALL ->
              "and only the latest %d missed firings are run".formatted(policies.maxCatchUp());
        };
    boolean tooOld = !missed.instant().isAfter(oldest);
    return NOBODY_UP
        + (tooOld ? "and that was more than %s ago".formatted(policies.effectiveWindow()) : why);
  }

  private static Miss miss(
      UUID schedule, Occurrence nominal, String reason, long count, Instant now) {
    return new Miss(schedule, nominal.instant(), nominal.local(), reason, count, now);
  }
}
