package dev.carillon.schedule.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.TestDatabases;
import dev.carillon.schedule.Timing;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** None of these schedules is in the database: what is found is what was kept. */
class LookupTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final LocalDate NOW_DATE = LocalDate.parse("2026-03-10");
  private static final Definition SMALL = Definitions.of("small", "rate(1 day)");

  private final Database database = TestDatabases.migrated();
  private final Lookup lookup = new Lookup(database.jdbi());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void asManySmallSchedulesAreKeptAsMayBeAndTheLongestUnusedGoesFirst() {
    List<Schedule> many = schedules(SMALL, Lookup.MAX_KEPT);
    lookup.keep(many);
    assertThat(kept(many.getFirst())).isTrue();

    lookup.keep(schedules(SMALL, 1));

    assertThat(kept(many.getFirst())).isTrue();
    assertThat(kept(many.get(1))).isFalse();
    assertThat(kept(many.getLast())).isTrue();
  }

  @Test
  void largeInputsAreKeptUpToABudget() {
    String input = "x".repeat(TargetChoice.MAX_INPUT_LENGTH);
    List<Schedule> many = schedules(with(input), 1_000);

    lookup.keep(many);

    assertThat(many.stream().filter(this::kept).count() * 2L * input.length())
        .isBetween(Lookup.MAX_BYTES / 2, Lookup.MAX_BYTES);
    assertThat(kept(many.getLast())).isTrue();
  }

  @Test
  void manyExcludedDatesAreKeptUpToABudget() {
    Timing timing = SMALL.timing();
    Set<LocalDate> dates =
        IntStream.range(0, Timing.MAX_EXCLUDED_DATES)
            .mapToObj(NOW_DATE::plusDays)
            .collect(Collectors.toSet());
    Definition large =
        SMALL.with(
            new Timing(
                timing.expression(),
                timing.zone(),
                timing.gap(),
                timing.overlap(),
                null,
                null,
                dates,
                List.of()));
    List<Schedule> many = schedules(large, 1_000);

    lookup.keep(many);

    assertThat(many.stream().filter(this::kept).count()).isBetween(50L, 500L);
  }

  @Test
  void whatIsReplacedWeighsNoMore() {
    Schedule large = schedules(with("x".repeat(TargetChoice.MAX_INPUT_LENGTH)), 1).getFirst();
    Schedule first = schedules(SMALL, 1).getFirst();
    lookup.keep(List.of(first));

    for (int i = 0; i < 2_000; i++) {
      large = large.revised(NOW);
      lookup.keep(List.of(large));
    }

    assertThat(kept(first)).isTrue();
    assertThat(lookup.find(large.id(), 2_000)).contains(large);
  }

  private boolean kept(Schedule schedule) {
    return lookup.find(schedule.id(), 1).isPresent();
  }

  private static Definition with(@Nullable String input) {
    TargetChoice target = SMALL.target();
    return Definition.of(
        "large", SMALL.timing(), new TargetChoice(target.kind(), target.settings(), input));
  }

  private static List<Schedule> schedules(Definition definition, int count) {
    Schedule.Standing standing = new Schedule.Standing(ScheduleState.ENABLED, "", NOW);
    return IntStream.range(0, count)
        .mapToObj(_ -> new Schedule(UUID.randomUUID(), definition, standing, 1, NOW, NOW, NOW))
        .toList();
  }
}
