package dev.carillon.bench.next;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * An expression in a zone.
 *
 * @param fields the six of {@code cron(...)}
 * @param zone whose wall clock it means
 */
record Case(String fields, ZoneId zone) {

  /** How many instants each evaluator is asked from; a power of two. */
  static final int STARTS = 1_024;

  private static final long SEED = 4;
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2027-01-01T00:00:00Z");

  /**
   * The last of the easy ones is in New York's gap; MON#5 in February is a leap day on a Monday.
   */
  private static final List<String> FIELDS =
      List.of(
          "0/5 * * * ? *",
          "0 9 ? * MON-FRI *",
          "15,45 8-18 ? * MON-FRI *",
          "0 0 1 * ? *",
          "30 2 * * ? *",
          "0 22-2 * * ? *",
          "0 9 ? NOV-FEB FRI-MON *",
          "0 12 L * ? *",
          "0 12 LW * ? *",
          "0 12 15W * ? *",
          "0 12 31W * ? *",
          "0 18 ? * FRIL *",
          "0 18 ? * MON#1 *",
          "0 0 29 2 ? *",
          "0 0 ? 2 MON#5 *",
          "0 0 1 1 ? 2027,2030,2034,2099",
          "59 23 31 12 ? 2199");

  private static final List<ZoneId> ZONES =
      Stream.of("UTC", "America/New_York").map(ZoneId::of).toList();

  /** All that are timed. */
  static List<Case> all() {
    return FIELDS.stream()
        .flatMap(fields -> ZONES.stream().map(zone -> new Case(fields, zone)))
        .toList();
  }

  /** Random instants of 2026 to the millisecond, always the same ones. */
  static List<Instant> starts() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Instant> starts = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      starts.add(Instant.ofEpochMilli(random.nextLong(FROM.toEpochMilli(), TO.toEpochMilli())));
    }
    return starts;
  }
}
