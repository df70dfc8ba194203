package dev.carillon.schedule.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.history.HistoryPage.Cursor;
import dev.carillon.schedule.history.HistoryPage.Entry;
import dev.carillon.schedule.history.HistoryPage.Missed;
import dev.carillon.schedule.history.HistoryPage.Ran;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryPageTest {

  static final Instant NOON = Instant.parse("2027-06-01T12:00:00Z");
  private static final UUID SCHEDULE = new UUID(0, 1);
  private static final ZoneId UTC = ZoneId.of("UTC");

  /** Newest first, as they come from the tables: runs at 9, 7, 5 and 1, misses at 8, 6, 4, 3, 2. */
  private static final List<PastRun> RUNS = List.of(run(9), run(7), run(5), run(1));

  private static final List<Miss> MISSES = List.of(miss(8), miss(6), miss(4), miss(3), miss(2));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 10})
  void pagesOfAnyLengthGiveEachEntryOnceInOrder(int limit) {
    List<Integer> seen = new ArrayList<>();
    Cursor from = Cursor.START;
    while (from != null) {
      HistoryPage page = page(from, limit);
      page.entries().forEach(entry -> seen.add(minute(entry)));
      from = page.next();
    }
    assertThat(seen).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void anEmptyHistoryIsOneEmptyPage() {
    HistoryPage page = HistoryPage.merge(Cursor.START, List.of(), List.of(), 10);

    assertThat(page.entries()).isEmpty();
    assertThat(page.next()).isNull();
  }

  @Test
  void latenessIsFromDueToTheFirstAttemptsBegin() {
    PastRun run = run(5, EventStatus.COMPLETED, null);

    assertThat(run.lateness()).isEqualTo(Duration.ofSeconds(2));
    assertThat(new PastRun(run.order(), run.details(), at(5).plusMillis(3)).lateness())
        .isEqualTo(Duration.ofMillis(3));
    assertThat(new PastRun(run.order(), run.details(), at(4)).lateness()).isZero();
    assertThat(run(5, EventStatus.PENDING, null).lateness()).isNull();
  }

  private static HistoryPage page(Cursor from, int limit) {
    List<PastRun> runs =
        RUNS.stream()
            .filter(
                each -> from.run() == null || each.details().event().id().compareTo(from.run()) < 0)
            .limit(limit + 1)
            .toList();
    List<Miss> misses =
        MISSES.stream()
            .filter(each -> from.missAt() == null || each.nominalAt().isBefore(from.missAt()))
            .limit(limit + 1)
            .toList();
    return HistoryPage.merge(from, runs, misses, limit);
  }

  private static int minute(Entry entry) {
    Instant at =
        switch (entry) {
          case Ran(PastRun run) -> run.dueAt();
          case Missed(Miss miss) -> miss.nominalAt();
        };
    return (int) Duration.between(NOON, at).toMinutes();
  }

  static Instant at(int minute) {
    return NOON.plusSeconds(60L * minute);
  }

  private static PastRun run(int minute) {
    return run(minute, EventStatus.COMPLETED, null);
  }

  /** A run due at that minute past noon, that ended two seconds later if it did. */
  static PastRun run(int minute, EventStatus status, @Nullable String reason) {
    Instant due = at(minute);
    RunOrder order =
        new RunOrder(
            SCHEDULE,
            1,
            due,
            LocalDateTime.ofInstant(due, ZoneOffset.UTC),
            UTC,
            FiringKind.SCHEDULED);
    UUID id = new UUID(due.toEpochMilli() << 16, minute);
    Event event = order.event(id, "key:" + minute, due, "2026a");
    boolean ended = status == EventStatus.COMPLETED || status == EventStatus.FAILED;
    Instant again = status == EventStatus.PENDING ? due.plusSeconds(600) : null;
    Instant endedAt = ended ? due.plusSeconds(2) : null;
    return new PastRun(
        order, new Details(event, status, 1, 2, again, endedAt, reason, due, due), null);
  }

  static Miss miss(int minute) {
    Instant at = at(minute);
    return new Miss(SCHEDULE, at, LocalDateTime.ofInstant(at, ZoneOffset.UTC), "because", 1, at);
  }
}
