package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Market;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.Pending;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.Staleness;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.full.RefreshOutcome;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedViewsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String COUNTS = "SELECT shop, count(*) AS orders FROM orders GROUP BY shop";

  private final Market market;
  private final Views views;

  KeyedViewsTest(PostgresVersion version) {
    this.market = new Market(version);
    this.views = market.views();
  }

  @AfterEach
  void close() {
    market.close();
  }

  @Test
  void whatNoLedgerKeepsIsKeptByItsKeys() {
    Explained.Possible explained = explain(Market.QUERY);
    assertThat(explained.tier()).isEqualTo(Tier.KEYED);
    assertThat(explained.key()).containsExactly("shop");
    assertThat(explained.obstacles()).extracting(Obstacle::tier).containsOnly(Tier.LEDGER);

    Made.Done made = (Made.Done) make(Market.QUERY, Wanted.INCREMENTAL);

    assertThat(made.view().tier()).isEqualTo(Tier.KEYED);
    assertThat(made.view().keyColumns()).containsExactly("shop");
    assertThat(market.rows())
        .containsExactly(
            "{\"most\": 2, \"shop\": \"a\", \"orders\": 2}",
            "{\"most\": 5, \"shop\": \"b\", \"orders\": 1}");
    Freshness freshness = freshness();
    assertThat(freshness.tier()).isEqualTo(Tier.KEYED);
    assertThat(freshness.exact()).isTrue();
    assertThat(freshness.pending()).isEqualTo(Pending.NONE);
    assertThat(freshness.lag()).isZero();
  }

  @Test
  void whatIsPendingIsToldByTimeUntilItIsWorkedIn() {
    make(Market.QUERY, Wanted.INCREMENTAL);
    market.run("INSERT INTO orders (shop, amount) VALUES ('a', 9)");
    market.run("DELETE FROM orders WHERE shop = 'b'");

    Freshness pending = freshness();
    assertThat(requireNonNull(pending.pending()).changes()).isEqualTo(2);
    assertThat(pending.asOf()).isEqualTo(requireNonNull(pending.pending()).oldestAt());
    assertThat(pending.lag()).isPositive();
    assertThat(market.rows()).hasSize(2);

    assertThat(views.refresh(Market.NAME, PastRefresh.Cause.MANUAL))
        .isInstanceOfSatisfying(
            RefreshOutcome.Refreshed.class,
            done -> {
              assertThat(done.report().asOf()).isAfter(pending.asOf());
              assertThat(done.report().totals().rows()).isEqualTo(1);
            });

    assertThat(market.rows()).containsExactly("{\"most\": 9, \"shop\": \"a\", \"orders\": 3}");
    assertThat(freshness().pending()).isEqualTo(Pending.NONE);
    assertThat(history())
        .extracting(PastRefresh::outcome)
        .containsExactly(PastRefresh.Outcome.REFRESHED);
  }

  @Test
  void aRefreshTakesManyPiecesAndEndsWhenNothingWaits() {
    make(Market.QUERY, Wanted.INCREMENTAL);
    market.run(
        "INSERT INTO orders (shop, amount) SELECT 's' || n, n FROM generate_series(1, 400) n");

    var _ = views.refresh(Market.NAME, PastRefresh.Cause.MANUAL);

    assertThat(freshness().pending()).isEqualTo(Pending.NONE);
    assertThat(market.rows()).hasSize(402);
  }

  @Test
  void aRefreshWaitsForNobodyForever() throws Exception {
    make(Market.QUERY, Wanted.INCREMENTAL);
    try (Connection other = market.database().dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM keyed_view FOR UPDATE");
      assertThat(views.refresh(Market.NAME, PastRefresh.Cause.MANUAL))
          .isEqualTo(new RefreshOutcome.Busy(null));
      other.rollback();
    }
  }

  @Test
  void theObstaclesOfEachTierAreNamedAlsoThoseThatOnlyTheDatabaseKnows() {
    market.run("CREATE FUNCTION lastly(bigint) RETURNS bigint STABLE LANGUAGE sql AS 'SELECT $1'");
    String query = "SELECT shop, max(lastly(id)) AS last FROM orders GROUP BY shop";
    Explained.Possible explained = explain(query);

    assertThat(explained.tier()).isEqualTo(Tier.FULL);
    assertThat(explained.obstacles())
        .anyMatch(obstacle -> obstacle.tier() == Tier.LEDGER)
        .anyMatch(obstacle ->
            obstacle.tier() == Tier.KEYED
                && obstacle.reason().contains("lastly")
                && obstacle.hint().contains("immutable"));
    assertThat(make(query, Wanted.INCREMENTAL)).isEqualTo(new Made.Refused(explained.obstacles()));
    assertThat(explain("SELECT shop, sum(weight) AS weight FROM orders GROUP BY shop").obstacles())
        .anyMatch(obstacle -> obstacle.reason().contains("inexactly"));
    assertThat(market.generated()).isZero();
  }

  @Test
  void oneTierCanBeAskedFor() {
    assertThat(make(Market.QUERY, List.of(Tier.LEDGER)))
        .isInstanceOfSatisfying(
            Made.Refused.class,
            refused ->
                assertThat(refused.obstacles())
                    .extracting(Obstacle::tier)
                    .containsOnly(Tier.LEDGER));
    assertThat(explain(COUNTS).tier()).isEqualTo(Tier.LEDGER);
    assertThat(make(COUNTS, List.of(Tier.KEYED)))
        .isInstanceOfSatisfying(
            Made.Done.class, done -> assertThat(done.view().tier()).isEqualTo(Tier.KEYED));
  }

  @Test
  void aKeyThatIsNotOneIsRefusedAndLeavesNothing() {
    assertThat(make("SELECT shop, id FROM orders", List.of(Tier.KEYED), "shop"))
        .isInstanceOfSatisfying(
            Made.Refused.class,
            refused ->
                assertThat(refused.obstacles())
                    .extracting(Obstacle::reason)
                    .containsExactly("several rows have the same key [shop]"));

    assertThat(market.generated()).isZero();
    assertThat(views.drop(Market.NAME)).isFalse();
  }

  @Test
  void aQueryThatFailsOnItsDataIsRejectedAndLeavesNothing() {
    market.run("UPDATE orders SET amount = 0 WHERE shop = 'b'");

    assertThat(make(Market.FRAGILE, Wanted.INCREMENTAL))
        .isInstanceOfSatisfying(
            Made.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("division by zero"));

    assertThat(market.generated()).isZero();
  }

  @Test
  void whatIsThereIsNotTaken() {
    market.run("CREATE TABLE sales (shop text)");

    assertThat(make(Market.QUERY, Wanted.INCREMENTAL)).isInstanceOf(Made.NameTaken.class);
    assertThat(make(Market.QUERY, Wanted.WHOLE)).isInstanceOf(Made.NameTaken.class);
  }

  @Test
  void whatWasBegunWhileATableWasLockedIsFinishedByAskingAgain() throws Exception {
    begin();

    assertThat(make(Market.QUERY, Wanted.WHOLE))
        .isInstanceOfSatisfying(
            Made.NameTaken.class, taken -> assertThat(taken.reason()).contains("begun", "keyed"));
    assertThat(make(COUNTS, Wanted.INCREMENTAL)).isInstanceOf(Made.Refused.class);
    assertThat(make(Market.QUERY, Wanted.INCREMENTAL)).isInstanceOf(Made.Done.class);
    assertThat(freshness().exact()).isTrue();
  }

  @Test
  void whatWasBegunWhileATableWasLockedCanBeDropped() throws Exception {
    begin();

    assertThat(views.drop(Market.NAME)).isTrue();
    assertThat(market.generated()).isZero();
    assertThat(views.drop(Market.NAME)).isFalse();
  }

  @Test
  void aDropTakesAllAway() {
    make(Market.QUERY, Wanted.INCREMENTAL);
    assertThat(market.generated()).isPositive();

    assertThat(views.drop(Market.NAME)).isTrue();

    assertThat(market.generated()).isZero();
    assertThat(views.find(Market.NAME)).isEmpty();
  }

  @Test
  void aFailureIsNotedWithItsReasonUntilItIsOver() {
    make(Market.FRAGILE, Wanted.INCREMENTAL);
    market.run("UPDATE orders SET amount = 0 WHERE shop = 'b'");

    assertThat(views.refresh(Market.NAME, PastRefresh.Cause.MANUAL))
        .isInstanceOfSatisfying(
            RefreshOutcome.Failed.class,
            failed -> {
              assertThat(failed.error()).contains("division by zero");
              assertThat(failed.passing()).isFalse();
            });
    Standing failing = standing();
    assertThat(failing.state().failures()).isEqualTo(1);
    assertThat(failing.state().lastError()).contains("division by zero");
    assertThat(requireNonNull(freshness().pending()).changes()).isPositive();

    market.run("UPDATE orders SET amount = 4 WHERE shop = 'b'");
    assertThat(views.refresh(Market.NAME, PastRefresh.Cause.MANUAL))
        .isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(standing().state().failures()).isZero();
    assertThat(market.rows()).contains("{\"shop\": \"b\", \"share\": 25}");
  }

  @Test
  void aViewThatNothingKeepsAnyMoreSaysSo() {
    make(Market.QUERY, Wanted.INCREMENTAL);
    market.run("DELETE FROM keyed_view");

    Standing lost = views.list().getFirst();

    assertThat(lost.freshness()).isNull();
    assertThat(lost.state().exact()).isFalse();
    assertThat(lost.staleness().verdict()).isEqualTo(Staleness.Verdict.UNPROVEN);
    assertThat(views.refresh(Market.NAME, PastRefresh.Cause.MANUAL))
        .isInstanceOf(RefreshOutcome.Failed.class);
  }

  @Test
  void aViewThatIsDroppedBetweenReadsIsLeftOut() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> dropping =
          threads.submit(() -> {
            for (int i = 0; i < 10; i++) {
              make(Market.QUERY, Wanted.INCREMENTAL);
              views.drop(Market.NAME);
            }
          });
      int lists = 0;
      while (!dropping.isDone()) {
        assertThat(views.list()).hasSizeLessThan(2);
        lists++;
      }
      dropping.get();
      assertThat(lists).isPositive();
    }
    assertThat(views.list()).isEmpty();
  }

  /** A writer keeps its table so that no trigger can be made. */
  private void begin() throws Exception {
    try (Connection writer = market.database().dataSource().getConnection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE orders SET amount = 7 WHERE shop = 'b'");
      assertThat(make(Market.QUERY, Wanted.INCREMENTAL))
          .isInstanceOfSatisfying(
              Made.Busy.class, busy -> assertThat(busy.reason()).contains("lock", "Ask again"));
      writer.commit();
    }
    assertThat(views.find(Market.NAME)).isEmpty();
    assertThat(market.generated()).isPositive();
  }

  private Made make(String query, List<Tier> tiers, String... key) {
    return views.make(Market.wanted(query, tiers, key), NOW);
  }

  private Explained.Possible explain(String query) {
    return (Explained.Possible) views.explain(query, List.of());
  }

  private Standing standing() {
    return views.find(Market.NAME).orElseThrow();
  }

  private Freshness freshness() {
    return requireNonNull(standing().freshness());
  }

  private List<PastRefresh> history() {
    return market
        .database()
        .jdbi()
        .withHandle(handle -> RefreshLog.history(handle, Market.NAME, null, 10))
        .stream()
        .map(RefreshLog.Entry::refresh)
        .toList();
  }
}
