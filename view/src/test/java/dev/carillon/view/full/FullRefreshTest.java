package dev.carillon.view.full;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.PastRefresh.Cause;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.catalog.ViewState;
import dev.carillon.view.full.RefreshOutcome.Busy;
import dev.carillon.view.full.RefreshOutcome.Failed;
import dev.carillon.view.full.RefreshOutcome.Impossible;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class FullRefreshTest {

  private static final ViewName SALES = new ViewName("sales");
  private static final RefreshLimits IMPATIENT =
      new RefreshLimits(Duration.ofMillis(300), Duration.ofMinutes(1));

  private final Database database;
  private final Gate gate;
  private final FullRefresh refresh;

  FullRefreshTest(PostgresVersion version) {
    database = version.migrated();
    gate = new Gate(database);
    refresh = new FullRefresh(database.jdbi(), IMPATIENT, new Random(7));
  }

  @BeforeEach
  void makeSales() {
    execute(
        "CREATE TABLE sale (shop text, amount bigint)",
        "INSERT INTO sale VALUES ('north', 10), ('north', 20), ('south', 5)",
        "CREATE MATERIALIZED VIEW sales AS SELECT shop, sum(amount)::bigint AS total"
            + " FROM sale, pass_gate() GROUP BY shop WITH NO DATA");
    register(SALES, Tier.FULL);
  }

  @AfterEach
  void close() {
    gate.close();
    database.close();
  }

  @Nested
  class ThatWorks {

    @Test
    void theFirstFillsTheViewAndSaysWhyReadersHadToWait() {
      RefreshReport report = refreshed();

      assertThat(total("north")).isEqualTo(30);
      assertThat(report.concurrently()).isFalse();
      assertThat(report.waitReason()).contains("first time");
      assertThat(report.totals()).isEqualTo(new Totals(2, null));
    }

    @Test
    void withoutAUniqueIndexReadersWaitAndTheReportSaysWhatToDo() {
      refreshed();

      assertThat(refreshed().waitReason()).contains("CREATE UNIQUE INDEX ON sales");
    }

    @Test
    void indexesThatConcurrentlyCannotUseDoNotCount() {
      refreshed();
      execute(
          "CREATE UNIQUE INDEX ON sales (lower(shop))",
          "CREATE UNIQUE INDEX ON sales (shop) WHERE total > 0",
          "CREATE INDEX ON sales (shop)");

      assertThat(refreshed().concurrently()).isFalse();
    }

    @Test
    void withAUniqueIndexItIsConcurrent() {
      index();
      execute("INSERT INTO sale VALUES ('south', 1)");

      assertThat(refreshed().concurrently()).isTrue();
      assertThat(total("south")).isEqualTo(6);
    }

    @Test
    void logHistoryAndStateSayTheSame() {
      RefreshReport report = refreshed();

      Refreshed last = last().orElseThrow();
      assertThat(last.at()).isEqualTo(report.asOf());
      assertThat(last.duration()).isEqualTo(report.duration());
      PastRefresh past = history().getFirst();
      assertThat(past.outcome()).isEqualTo(PastRefresh.Outcome.REFRESHED);
      assertThat(past.cause()).isEqualTo(Cause.MANUAL);
      assertThat(past.asOf()).isEqualTo(report.asOf());
      assertThat(past.rows()).isEqualTo(2);
      assertThat(state().provenAt()).isEqualTo(report.asOf());
    }

    @Test
    void aViewNamedLikeAKeyWordIsRefreshed() {
      execute("CREATE MATERIALIZED VIEW \"order\" AS SELECT 1 AS one WITH NO DATA");
      register(new ViewName("order"), Tier.FULL);

      assertThat(refresh.refresh(new ViewName("order"), Cause.MANUAL))
          .isInstanceOf(RefreshOutcome.Refreshed.class);
    }

    @Test
    void theConnectionIsAsBefore() {
      refreshed();

      assertThat(setting("statement_timeout")).isEqualTo("0");
      assertThat(setting("lock_timeout")).isEqualTo("0");
    }
  }

  @Nested
  class WhileItRuns {

    @BeforeEach
    void fill() {
      index();
    }

    /** Both ways: what was committed before is in it, what is committed meanwhile is not. */
    @Test
    void itsTimeIsThatOfItsSnapshot() throws Exception {
      gate.shut();
      execute("INSERT INTO sale VALUES ('before', 1)");
      Instant committedBefore = database.time();
      Future<RefreshOutcome> running = inBackground();
      gate.awaitSomebody();
      Instant during = database.time();
      execute("INSERT INTO sale VALUES ('during', 1)");
      gate.open();

      assertThat(running.get(30, TimeUnit.SECONDS)).isInstanceOf(RefreshOutcome.Refreshed.class);
      Instant at = last().orElseThrow().at();
      assertThat(at).isAfterOrEqualTo(committedBefore).isBeforeOrEqualTo(during);
      assertThat(total("before")).isEqualTo(1);
      assertThat(count("SELECT count(*) FROM sales WHERE shop = 'during'")).isZero();
    }

    @Test
    void readersSeeTheOldRowsAndTheOldTimeWithoutWaiting() throws Exception {
      Instant old = last().orElseThrow().at();
      gate.shut();
      execute("INSERT INTO sale VALUES ('north', 1000)");
      Future<RefreshOutcome> running = inBackground();
      gate.awaitSomebody();

      database
          .jdbi()
          .useTransaction(reader -> {
            reader.execute("SET LOCAL lock_timeout = '50ms'");
            assertThat(total(reader, "north")).isEqualTo(30);
            assertThat(RefreshLog.last(reader, SALES).orElseThrow().at()).isEqualTo(old);
          });
      gate.open();
      running.get(30, TimeUnit.SECONDS);
      assertThat(total("north")).isEqualTo(1030);
    }

    @Test
    void readersNeverWaitOverManyRefreshes() throws Exception {
      execute("INSERT INTO sale SELECT 'shop ' || n, n FROM generate_series(1, 4000) n");
      CompletableFuture<Void> refreshing =
          CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 10; i++) {
              execute("UPDATE sale SET amount = amount + 1");
              refreshed();
            }
          });
      long reads = 0;
      do {
        database
            .jdbi()
            .useTransaction(reader -> {
              reader.execute("SET LOCAL lock_timeout = '20ms'");
              assertThat(total(reader, "north")).isPositive();
            });
        reads++;
      } while (!refreshing.isDone());

      refreshing.get();
      assertThat(reads).isGreaterThan(10);
    }

    @Test
    void aSecondOneIsToldWhoIsAtItAtOnce() throws Exception {
      gate.shut();
      Future<RefreshOutcome> running = inBackground();
      gate.awaitSomebody();

      RefreshOutcome second = refresh.refresh(SALES, Cause.SCHEDULE);

      assertThat(running).isNotDone();
      assertThat(second)
          .isInstanceOfSatisfying(
              Busy.class,
              busy -> {
                assertThat(busy.by()).isNotNull();
                assertThat(busy.message()).contains("carillon");
              });
      gate.open();
      assertThat(running.get(30, TimeUnit.SECONDS)).isInstanceOf(RefreshOutcome.Refreshed.class);
      assertThat(history())
          .extracting(PastRefresh::outcome)
          .contains(PastRefresh.Outcome.BUSY, PastRefresh.Outcome.REFRESHED);
      assertThat(state().failures()).isZero();
    }

    @Test
    void oneByHandIsWaitedForInBoundedTime() throws Exception {
      gate.shut();
      Future<?> byHand =
          CompletableFuture.runAsync(() -> execute("REFRESH MATERIALIZED VIEW CONCURRENTLY sales"));
      gate.awaitSomebody();
      long start = System.nanoTime();

      RefreshOutcome outcome = refresh.refresh(SALES, Cause.SCHEDULE);

      assertThat(outcome)
          .isInstanceOfSatisfying(Busy.class, busy -> assertThat(busy.by()).isNotNull());
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(IMPATIENT.lockWait());
      gate.open();
      byHand.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aCrashLeavesTheOldRowsAndTheOldTimeAndIsCounted() throws Exception {
      Refreshed before = last().orElseThrow();
      execute("INSERT INTO sale VALUES ('north', 1000)");
      gate.shut();
      Future<RefreshOutcome> running = inBackground();
      execute("SELECT pg_terminate_backend(%d)".formatted(gate.awaitSomebody()));

      assertThat(running.get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.passing()).isTrue());
      assertThat(last()).contains(before);
      assertThat(total("north")).isEqualTo(30);
      assertThat(state().failures()).isEqualTo(1);
      assertThat(state().retryAt()).isNotNull();

      gate.open();
      refreshed();
      assertThat(total("north")).isEqualTo(1030);
      assertThat(state().failures()).isZero();
    }

    @Test
    void oneThatRunsTooLongIsGivenUp() {
      FullRefresh brief =
          new FullRefresh(
              database.jdbi(),
              new RefreshLimits(Duration.ofMillis(300), Duration.ofMillis(200)),
              new Random(7));
      gate.shut();

      assertThat(brief.refresh(SALES, Cause.SCHEDULE))
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> {
                assertThat(failed.passing()).isTrue();
                assertThat(failed.error()).contains("0.2 s");
              });
    }
  }

  @Nested
  class ThatFails {

    @Test
    void anErrorOfTheQueryIsKeptAndCounted() {
      execute(
          "CREATE MATERIALIZED VIEW broken AS SELECT 1 / amount AS share FROM sale WITH NO DATA",
          "INSERT INTO sale VALUES ('west', 0)");
      ViewName broken = new ViewName("broken");
      register(broken, Tier.FULL);
      refresh.refresh(broken, Cause.SCHEDULE);

      assertThat(refresh.refresh(broken, Cause.RETRY))
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> {
                assertThat(failed.passing()).isFalse();
                assertThat(failed.error()).isEqualTo("division by zero");
              });
      ViewState state =
          database.jdbi().withHandle(handle -> Catalog.state(handle, broken)).orElseThrow();
      assertThat(state.failures()).isEqualTo(2);
      assertThat(state.lastError()).isEqualTo("division by zero");
      assertThat(state.retryAt()).isAfter(state.lastErrorAt());
    }

    @Test
    void aUniqueIndexThatDoesNotFitIsNamed() {
      index();
      execute(
          "DROP MATERIALIZED VIEW sales",
          "CREATE MATERIALIZED VIEW sales AS SELECT shop, 1 AS one FROM sale WHERE amount < 15",
          "CREATE UNIQUE INDEX ON sales (shop)",
          "INSERT INTO sale VALUES ('north', 11)");

      assertThat(refresh.refresh(SALES, Cause.MANUAL))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.error()).contains("does not fit"));
    }

    @Test
    void anUnknownViewIsImpossibleAndLeavesNoTrace() {
      assertThat(refresh.refresh(new ViewName("unknown"), Cause.MANUAL))
          .isInstanceOfSatisfying(
              Impossible.class, impossible -> assertThat(impossible.reason()).contains("unknown"));
      assertThat(count("SELECT count(*) FROM view_refresh_history")).isZero();
    }

    @Test
    void aViewThatIsGoneIsImpossibleAndVisible() {
      execute("DROP MATERIALIZED VIEW sales");

      assertThat(refresh.refresh(SALES, Cause.SCHEDULE)).isInstanceOf(Impossible.class);
      assertThat(state().lastError()).contains("no materialized view named sales");
      assertThat(history()).hasSize(1);
    }

    @Test
    void aViewThatKeepsItselfIsNotRefreshed() {
      ViewName kept = new ViewName("kept");
      register(kept, Tier.LEDGER);

      assertThat(refresh.refresh(kept, Cause.MANUAL))
          .isInstanceOfSatisfying(
              Impossible.class, impossible -> assertThat(impossible.reason()).contains("ledger"));
    }

    @Test
    void withoutADatabaseItIsPassing() {
      Database gone = database.another(1);
      gone.close();

      assertThat(new FullRefresh(gone.jdbi(), IMPATIENT, new Random(7)).refresh(SALES, Cause.RETRY))
          .isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.passing()).isTrue());
    }
  }

  private void index() {
    execute("CREATE UNIQUE INDEX ON sales (shop)");
    refreshed();
  }

  private RefreshReport refreshed() {
    return ((RefreshOutcome.Refreshed) refresh.refresh(SALES, Cause.MANUAL)).report();
  }

  private Future<RefreshOutcome> inBackground() {
    return CompletableFuture.supplyAsync(() -> refresh.refresh(SALES, Cause.SCHEDULE));
  }

  private void register(ViewName name, Tier tier) {
    RegisteredView view =
        new RegisteredView(
            name,
            tier,
            "SELECT 1",
            List.of(),
            RegisteredView.DEFAULT_INTERVAL,
            RegisteredView.DEFAULT_OBJECTIVE,
            Instant.EPOCH);
    database.jdbi().useHandle(handle -> Catalog.insert(handle, view));
  }

  private Optional<Refreshed> last() {
    return database.jdbi().withHandle(handle -> RefreshLog.last(handle, SALES));
  }

  private ViewState state() {
    return database.jdbi().withHandle(handle -> Catalog.state(handle, SALES)).orElseThrow();
  }

  private List<PastRefresh> history() {
    return database
        .jdbi()
        .withHandle(handle -> RefreshLog.history(handle, SALES, null, 50))
        .stream()
        .map(RefreshLog.Entry::refresh)
        .toList();
  }

  private long total(String shop) {
    return database.jdbi().withHandle(handle -> total(handle, shop));
  }

  private static long total(Handle handle, String shop) {
    return handle.select("SELECT total FROM sales WHERE shop = ?", shop).mapTo(Long.class).one();
  }

  private long count(String query) {
    return database.jdbi().withHandle(handle -> handle.select(query).mapTo(Long.class).one());
  }

  private String setting(String name) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.select("SELECT current_setting(?)", name).mapTo(String.class).one());
  }

  private void execute(String... statements) {
    database.jdbi().useHandle(handle -> List.of(statements).forEach(handle::execute));
  }
}
