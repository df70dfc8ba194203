package dev.carillon.view.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.TestDatabases;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogTest {

  private static final ViewName NAME = new ViewName("sales");
  private static final RegisteredView VIEW =
      new RegisteredView(
          NAME,
          Tier.FULL,
          "SELECT shop, count(*) FROM sale GROUP BY shop",
          List.of("shop"),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Instant.parse("2026-06-01T09:00:00Z"));

  private final Database database = TestDatabases.migrated();
  private final Handle handle = database.jdbi().open();

  @AfterEach
  void close() {
    handle.close();
    database.close();
  }

  @Test
  void aViewIsReadAsItWasRegistered() {
    assertThat(Catalog.insert(handle, VIEW)).isTrue();

    assertThat(Catalog.find(handle, NAME)).contains(VIEW);
    assertThat(Catalog.list(handle)).containsExactly(VIEW);
    assertThat(Catalog.state(handle, NAME))
        .contains(new ViewState(NAME, true, null, null, 0, null, null, null));
  }

  @Test
  void aNameIsRegisteredOnce() {
    Catalog.insert(handle, VIEW);

    assertThat(Catalog.insert(handle, VIEW)).isFalse();
  }

  @Test
  void whatIsDeclaredCanBeChangedWhileSomebodyWorksOnTheView() {
    Catalog.insert(handle, VIEW);
    RegisteredView slower =
        new RegisteredView(
            NAME,
            Tier.KEYED,
            VIEW.query(),
            List.of(),
            Duration.ofHours(1),
            Duration.ofDays(1),
            VIEW.createdAt());
    handle.begin();
    assertThat(Catalog.guard(handle, NAME)).isTrue();

    database
        .jdbi()
        .useTransaction(other -> {
          other.execute("SET LOCAL lock_timeout = '2s'");
          assertThat(Catalog.update(other, slower)).isTrue();
        });
    handle.rollback();

    assertThat(Catalog.find(handle, NAME)).contains(slower);
  }

  @Test
  void onlyOneWorksOnAViewAndTheOtherDoesNotWait() {
    Catalog.insert(handle, VIEW);
    handle.begin();
    assertThat(Catalog.guard(handle, NAME)).isTrue();

    assertThat(guardedElsewhere()).isFalse();
    handle.rollback();
    assertThat(guardedElsewhere()).isTrue();
  }

  @Test
  void failuresAreCountedAndASuccessEndsThem() {
    Catalog.insert(handle, VIEW);
    Catalog.noteFailure(handle, NAME, "no such table", Duration.ofHours(1));
    Catalog.noteFailure(handle, NAME, "x".repeat(3_000), Duration.ofMillis(-1));

    ViewState failing = Catalog.state(handle, NAME).orElseThrow();
    assertThat(failing.failures()).isEqualTo(2);
    assertThat(failing.lastError()).hasSize(2_000);
    assertThat(Catalog.retriesDue(handle, Tier.FULL, 10)).containsExactly(NAME);
    assertThat(Catalog.retriesDue(handle, Tier.LEDGER, 10)).isEmpty();

    Catalog.noteSuccess(handle, NAME);
    ViewState well = Catalog.state(handle, NAME).orElseThrow();
    assertThat(well.failures()).isZero();
    assertThat(well.lastError()).isNull();
    assertThat(well.provenAt()).isNotNull();
    assertThat(Catalog.retriesDue(handle, Tier.FULL, 10)).isEmpty();
  }

  @Test
  void aViewIsNotExactUntilItIsAgain() {
    Catalog.insert(handle, VIEW);
    Catalog.noteInexact(handle, NAME, "a partition was attached");

    assertThat(Catalog.states(handle))
        .singleElement()
        .satisfies(state -> assertThat(state.reason()).isEqualTo("a partition was attached"));

    Catalog.noteExact(handle, NAME);
    assertThat(Catalog.state(handle, NAME).orElseThrow().exact()).isTrue();
  }

  @Test
  void aForgottenViewLeavesItsHistory() {
    Catalog.insert(handle, VIEW);
    note("by hand");

    assertThat(Catalog.delete(handle, NAME)).isTrue();
    assertThat(Catalog.delete(handle, NAME)).isFalse();
    assertThat(Catalog.state(handle, NAME)).isEmpty();
    assertThat(RefreshLog.history(handle, NAME, null, 10)).hasSize(1);
  }

  @Test
  void theLogHasOneRowPerView() {
    assertThat(RefreshLog.last(handle, NAME)).isEmpty();
    RefreshLog.write(handle, NAME, Duration.ofMillis(70), 5L, 6_000_000_000L);
    Refreshed last = RefreshLog.write(handle, NAME, Duration.ofDays(60), null, null);

    assertThat(RefreshLog.last(handle, NAME)).contains(last);
    assertThat(last.totalJobs()).isNull();
    assertThat(last.duration()).isEqualTo(Duration.ofMillis(Integer.MAX_VALUE));
    assertThat(last.rating()).isEqualTo(Rating.SLOW);

    RefreshLog.forgetLast(handle, NAME);
    assertThat(RefreshLog.last(handle, NAME)).isEmpty();
  }

  @Test
  void historyIsPagedTheLatestFirst() {
    List.of("first", "second", "third").forEach(this::note);

    List<RefreshLog.Entry> page = RefreshLog.history(handle, NAME, null, 2);
    assertThat(page).extracting(entry -> entry.refresh().note()).containsExactly("third", "second");
    assertThat(RefreshLog.history(handle, NAME, page.getLast().id(), 2))
        .extracting(entry -> entry.refresh().note())
        .containsExactly("first");
  }

  @Test
  void historyIsForgottenByAgeAndByNumber() {
    note("old");
    handle.execute("UPDATE view_refresh_history SET ended_at = now() - interval '31 days'");
    note("new");
    assertThat(RefreshLog.forget(handle, NAME)).isEqualTo(1);

    handle.execute(
        "INSERT INTO view_refresh_history (view_name, cause, outcome, duration_ms)"
            + " SELECT 'sales', 'SCHEDULE', 'BUSY', 1 FROM generate_series(1, ?)",
        RefreshLog.MOST_KEPT + 4);
    assertThat(RefreshLog.forget(handle, NAME)).isEqualTo(5);
    assertThat(RefreshLog.forget(handle, NAME)).isZero();
  }

  private void note(String note) {
    RefreshLog.note(
        handle,
        PastRefresh.without(
            NAME,
            PastRefresh.Cause.MANUAL,
            PastRefresh.Outcome.FAILED,
            Duration.ofMillis(5),
            note));
  }

  private boolean guardedElsewhere() {
    return database.jdbi().inTransaction(other -> Catalog.guard(other, NAME));
  }
}
