package dev.carillon.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * The oracle: what a zone's wall clock showed in each minute of some days, read minute by minute
 * from nothing but the offset of an instant. It knows no transitions.
 */
final class MinuteScan {

  private static final int MINUTE = 60;

  /** Offsets reach from -12 to +14 hours: these many days around hold every instant of a date. */
  private static final int DAYS_AROUND = 2;

  private final long firstInstant;
  private final long[] shown;

  /**
   * Scans all instants at which the wall clock may show a date from {@code first} to {@code last}.
   */
  MinuteScan(ZoneRules rules, LocalDate first, LocalDate last) {
    firstInstant = first.minusDays(DAYS_AROUND).toEpochDay() * 86_400;
    long end = last.plusDays(DAYS_AROUND + 1).toEpochDay() * 86_400;
    shown = new long[(int) ((end - firstInstant) / MINUTE)];
    for (int i = 0; i < shown.length; i++) {
      long instant = firstInstant + (long) i * MINUTE;
      shown[i] = instant + rules.getOffset(Instant.ofEpochSecond(instant)).getTotalSeconds();
    }
  }

  /** The instants at which the wall clock shows a local time: none in a gap, two in an overlap. */
  List<Instant> showing(LocalDateTime local) {
    return showing(local.toEpochSecond(ZoneOffset.UTC));
  }

  /** The first minute after the gap that a skipped local time is in. */
  Instant endOfGap(LocalDateTime skipped) {
    return instant(jumpOver(skipped));
  }

  /** The instant that shows a skipped local time put forward by as much as the clocks were. */
  Instant shiftedByGap(LocalDateTime skipped) {
    int jump = jumpOver(skipped);
    long gap = shown[jump] - shown[jump - 1] - MINUTE;
    return showing(skipped.toEpochSecond(ZoneOffset.UTC) + gap).getFirst();
  }

  private List<Instant> showing(long local) {
    List<Instant> instants = new ArrayList<>();
    for (int i = 0; i < shown.length; i++) {
      if (shown[i] == local) {
        instants.add(instant(i));
      }
    }
    return instants;
  }

  private int jumpOver(LocalDateTime skipped) {
    long local = skipped.toEpochSecond(ZoneOffset.UTC);
    for (int i = 1; i < shown.length; i++) {
      if (shown[i - 1] < local && local < shown[i]) {
        return i;
      }
    }
    throw new AssertionError(skipped + " is not skipped");
  }

  private Instant instant(int index) {
    return Instant.ofEpochSecond(firstInstant + (long) index * MINUTE);
  }
}
