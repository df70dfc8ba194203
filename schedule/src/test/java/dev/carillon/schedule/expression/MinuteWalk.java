package dev.carillon.schedule.expression;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The oracle: walks the minutes around a change of the clocks and reads the wall clock in each,
 * from nothing but an instant's offset. It knows no transitions.
 */
final class MinuteWalk {

  private static final int MINUTE = 60;

  private final long first;
  private final long[] shown;
  private final LocalDateTime[] locals;
  private final boolean[] again;
  private final boolean[] lastTime;

  MinuteWalk(ZoneRules rules, Instant from, Instant until) {
    first = from.getEpochSecond();
    shown = new long[(int) ((until.getEpochSecond() - first) / MINUTE)];
    locals = new LocalDateTime[shown.length];
    again = new boolean[shown.length];
    lastTime = new boolean[shown.length];
    Map<Long, Integer> seen = new HashMap<>();
    for (int i = 0; i < shown.length; i++) {
      shown[i] = instant(i).getEpochSecond() + rules.getOffset(instant(i)).getTotalSeconds();
      locals[i] = local(shown[i]);
      lastTime[i] = true;
      Integer before = seen.put(shown[i], i);
      if (before != null) {
        again[i] = true;
        lastTime[before] = false;
      }
    }
  }

  /** The instants at which matching local times fire, in order. */
  List<Instant> firings(Predicate<LocalDateTime> times, GapPolicy gap, OverlapPolicy overlap) {
    TreeSet<Instant> firings = new TreeSet<>();
    for (int i = 0; i < shown.length; i++) {
      if (times.test(locals[i]) && counts(i, overlap)) {
        firings.add(instant(i));
      }
      if (i > 0 && shown[i] > shown[i - 1] + MINUTE && gap != GapPolicy.SKIP) {
        skipped(i, times, gap, firings);
      }
    }
    return List.copyOf(firings);
  }

  private void skipped(
      int jump, Predicate<LocalDateTime> times, GapPolicy gap, Set<Instant> firings) {
    long gone = shown[jump - 1] + MINUTE;
    for (long local = gone; local < shown[jump]; local += MINUTE) {
      if (times.test(local(local))) {
        long moved = gap == GapPolicy.END_OF_GAP ? 0 : local - gone;
        firings.add(instant(jump).plusSeconds(moved));
      }
    }
  }

  private boolean counts(int index, OverlapPolicy overlap) {
    return switch (overlap) {
      case FIRST -> !again[index];
      case SECOND -> lastTime[index];
      case BOTH -> true;
    };
  }

  private Instant instant(int index) {
    return Instant.ofEpochSecond(first + (long) index * MINUTE);
  }

  private static LocalDateTime local(long second) {
    return LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
  }
}
