package dev.carillon.refresh.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.TestDatabases;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final String SOURCE = "test-source";

  private final Database database = TestDatabases.migrated();

  @AfterEach
  void close() {
    database.close();
  }

  @Nested
  class ARecord {

    @Test
    void isFreshForAsLongAsItsPriorityAllows() {
      RecordState state = state("#A", NOW, null, NOW, null);
      assertThat(state.isFresh(Priority.CRITICAL, NOW.plusSeconds(299))).isTrue();
      assertThat(state.isFresh(Priority.CRITICAL, NOW.plusSeconds(300))).isFalse();
      assertThat(state.isFresh(Priority.LOW, NOW.plus(Duration.ofHours(7)))).isTrue();
    }

    @Test
    void isFreshForAsLongAsItIsTheSameAnyway() {
      RecordState state =
          new RecordState(key("#A"), NOW, NOW.plus(Duration.ofHours(9)), null, NOW, null);
      assertThat(state.staleFrom(Priority.CRITICAL)).isEqualTo(NOW.plus(Duration.ofHours(9)));
    }

    @Test
    void isStaleFromTheLookThatItsSourceWants() {
      RecordState state = state("#A", NOW, NOW.plusSeconds(60), NOW, null);
      assertThat(state.staleFrom(Priority.LOW)).isEqualTo(NOW.plusSeconds(60));
    }
  }

  @Nested
  class Written {

    @Test
    void areReadAsTheyWereWrittenAndOthersAreNotThere() {
      RecordState found = state("#A", NOW, NOW.plusSeconds(60), NOW, null);
      RecordState missing = state("#B", NOW, null, null, "there is none");
      write(found, missing);
      assertThat(states("#A", "#B", "#C")).containsExactlyInAnyOrder(found, missing);
    }

    @Test
    void keepTheTimeOfTheirLastChange() {
      write(state("#A", NOW, null, NOW, null));
      write(state("#A", NOW.plusSeconds(60), null, null, null));
      assertThat(states("#A").getFirst().changedAt()).isEqualTo(NOW);
      assertThat(states("#A").getFirst().fetchedAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void haveChangedWhenTheyAreGone() {
      write(state("#A", NOW, null, NOW, null));
      write(state("#A", NOW.plusSeconds(60), null, null, "there is none"));
      assertThat(states("#A").getFirst().changedAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void thatAreOlderChangeNothing() {
      write(state("#A", NOW, null, NOW, null));
      write(state("#A", NOW.minusSeconds(60), null, NOW.minusSeconds(60), "there is none"));
      assertThat(states("#A").getFirst().missing()).isNull();
    }

    @Test
    void areLookedAtOnceWhenTheTimeHasCome() {
      write(
          state("#A", NOW, NOW.plusSeconds(60), NOW, null),
          state("#B", NOW, NOW.plusSeconds(30), NOW, null),
          state("#C", NOW, NOW.plusSeconds(99), NOW, null));
      assertThat(looks(NOW)).isEmpty();
      List<RefreshRequest> looks = looks(NOW.plusSeconds(60));
      assertThat(looks)
          .containsExactly(
              new RefreshRequest(key("#B"), Priority.CRITICAL, NOW.plusSeconds(30)),
              new RefreshRequest(key("#A"), Priority.CRITICAL, NOW.plusSeconds(60)));
      write(state("#A", NOW.plusSeconds(50), NOW.plusSeconds(90), NOW, null));
      database
          .jdbi()
          .useTransaction(handle -> Records.looksQueued(handle, looks, NOW.plusSeconds(60)));
      assertThat(looks(NOW.plusSeconds(90)))
          .as("a later look than the one that was queued stays")
          .extracting(look -> look.key().tag())
          .containsExactly("#A");
    }

    private List<RefreshRequest> looks(Instant now) {
      return database.jdbi().withHandle(handle -> Records.dueLooks(handle, SOURCE, now, 10));
    }

    private void write(RecordState... states) {
      database.jdbi().useTransaction(handle -> Records.write(handle, List.of(states)));
    }

    private List<RecordState> states(String... tags) {
      return database
          .jdbi()
          .withHandle(handle ->
              List.copyOf(
                  Records.states(handle, List.of(tags).stream().map(RecordsTest::key).toList())
                      .values()));
    }
  }

  @Nested
  class FailedCalls {

    private final Failures failures = new Failures(database.jdbi());
    private final RefreshQueue queue = new PostgresRefreshQueue(database.jdbi());

    @Test
    void areListedTheNewestFirstPageByPage() {
      note(5);
      List<Failure> first = failures.page(SOURCE, Failures.NEWEST, 3);
      List<Failure> second = failures.page(SOURCE, first.getLast().id(), 3);
      assertThat(first).extracting(one -> one.key().tag()).containsExactly("#4", "#3", "#2");
      assertThat(second).extracting(one -> one.key().tag()).containsExactly("#1", "#0");
      assertThat(failures.page("other", Failures.NEWEST, 3)).isEmpty();
      assertThat(failures.countSince(SOURCE, NOW)).isEqualTo(5);
      assertThat(failures.countSince(SOURCE, NOW.plusSeconds(1))).isZero();
    }

    @Test
    void areQueuedAgainOnceAndLeaveTheList() {
      note(2);
      List<Long> ids =
          failures.page(SOURCE, Failures.NEWEST, 10).stream().map(Failure::id).toList();
      assertThat(failures.redrive(ids.subList(0, 1), queue, NOW)).isEqualTo(1);
      assertThat(failures.redrive(ids, queue, NOW)).isEqualTo(1);
      assertThat(failures.redrive(ids, queue, NOW)).isZero();
      assertThat(queue.state(SOURCE, NOW).size()).isEqualTo(2);
      assertThat(failures.page(SOURCE, Failures.NEWEST, 10)).isEmpty();
    }

    @Test
    void areForgottenAfterThirtyDays() {
      note(1_500);
      assertThat(failures.forget(NOW.plus(Failures.KEPT))).isZero();
      assertThat(failures.forget(NOW.plus(Failures.KEPT).plusSeconds(1))).isEqualTo(1_500);
      assertThat(failures.page(SOURCE, Failures.NEWEST, 10)).isEmpty();
    }

    @Test
    void haveReasonsThatCanBeStored() {
      Failure.Noted noted =
          new Failure.Noted(key("#A"), Priority.LOW, "\0\ud83d" + "x".repeat(2_000));
      assertThat(noted.reason()).hasSize(Failure.Noted.MAX_REASON - 1).startsWith("?xx");
      database.jdbi().useHandle(handle -> Failures.note(handle, List.of(noted), NOW));
      assertThat(failures.page(SOURCE, Failures.NEWEST, 1).getFirst().reason())
          .isEqualTo(noted.reason());
    }

    private void note(int count) {
      List<Failure.Noted> many =
          IntStream.range(0, count)
              .mapToObj(i -> new Failure.Noted(key("#" + i), Priority.HIGH, "answered 500"))
              .toList();
      database.jdbi().useHandle(handle -> Failures.note(handle, many, NOW));
    }
  }

  private static RecordKey key(String tag) {
    return new RecordKey(SOURCE, "clan", tag);
  }

  private static RecordState state(
      String tag,
      Instant fetchedAt,
      @Nullable Instant lookAt,
      @Nullable Instant changedAt,
      @Nullable String missing) {
    return new RecordState(key(tag), fetchedAt, fetchedAt, lookAt, changedAt, missing);
  }
}
