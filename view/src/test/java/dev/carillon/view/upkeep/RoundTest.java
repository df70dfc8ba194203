package dev.carillon.view.upkeep;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Market;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Pending;
import dev.carillon.view.catalog.Staleness;
import dev.carillon.view.keyed.Keyed;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.registry.Made;
import dev.carillon.view.registry.Standing;
import dev.carillon.view.registry.Views;
import dev.carillon.view.registry.Wanted;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the upkeep does for views that are kept by their keys. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class RoundTest {

  private static final ViewName FRAGILE = new ViewName("a_fragile");

  private final Market market;
  private final Views views;
  private final Round round;

  RoundTest(PostgresVersion version) {
    this.market = new Market(version);
    this.views = market.views();
    this.round = market.round();
    make(Market.NAME, Market.QUERY);
  }

  @AfterEach
  void close() {
    market.close();
  }

  @Test
  void whatWasTouchedIsWorkedInAndProven() {
    market.run("INSERT INTO orders (shop, amount) VALUES ('c', 3)");
    assertThat(standing().state().provenAt()).isNull();

    round.run(market.now());

    assertThat(market.rows()).hasSize(3);
    assertThat(freshness().pending()).isEqualTo(Pending.NONE);
    assertThat(standing().state().provenAt()).isNotNull();
    assertThat(standing().staleness().stale()).isFalse();
  }

  @Test
  void moreThanOnePieceIsWorkedInAtOnce() {
    market.run(
        "INSERT INTO orders (shop, amount) SELECT 's' || n, n FROM generate_series(1, 130) n");

    round.run(market.now());

    assertThat(freshness().pending()).isEqualTo(Pending.NONE);
  }

  @Test
  void whatNoTriggerSawIsLabelledAndMadeGood() {
    market.run("ALTER TABLE orders DISABLE TRIGGER USER");
    market.run("DELETE FROM orders WHERE shop = 'b'");

    assertThat(freshness().exact()).isFalse();
    assertThat(freshness().reason()).contains("trigger");
    assertThat(standing().state().exact()).isFalse();

    round.run(market.now());

    assertThat(freshness().exact()).isTrue();
    assertThat(market.rows()).hasSize(1);
    market.run("DELETE FROM orders");
    round.run(market.now());
    assertThat(market.rows()).isEmpty();
  }

  @Test
  void anAuditCountsWhatDiffersAndTheNextRoundMakesItGood() {
    round.audit();
    assertThat(round.mismatches()).isZero();
    market.run("UPDATE sales SET most = 100");

    round.audit();

    assertThat(round.mismatches()).isEqualTo(2);
    assertThat(freshness().exact()).isFalse();
    assertThat(freshness().reason()).contains("audit");
    round.run(market.now());
    assertThat(freshness().exact()).isTrue();
    round.audit();
    assertThat(round.mismatches()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Tier.class,
      names = {"LEDGER", "KEYED"})
  void rowsOfAPartitionThatCameAndWentBetweenTwoRoundsAreFound(Tier tier) {
    market.run("CREATE TABLE visits (id int, shop text) PARTITION BY RANGE (id)");
    market.run("CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (1000)");
    market.run("CREATE INDEX ON visits (shop)");
    ViewName name = new ViewName("visitors");
    String query = "SELECT shop, count(*) AS n FROM visits GROUP BY shop";
    views.make(Market.wanted(name, query, List.of(tier)), market.now());
    round.run(market.now());
    market.run("CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM (1000) TO (2000)");
    market.run("INSERT INTO visits VALUES (1, 'a'), (1001, 'a'), (1002, 'b')");
    var jdbi = market.database().jdbi();
    var _ = (tier == Tier.LEDGER ? new Ledger(jdbi) : new Keyed(jdbi)).workIn(name);
    market.run("DROP TABLE visits_2");
    market.run("UPDATE sales SET most = 100");
    round.run(market.now());

    round.auditPartitioned();

    assertThat(round.mismatches()).isEqualTo(2);
    round.run(market.now());
    assertThat(market.count("SELECT coalesce(sum(n), 0) FROM visitors")).isEqualTo(1);
  }

  @Test
  void aFailingViewWaitsBeforeItIsTriedAgainAndKeepsNoOtherFromIt() {
    make(FRAGILE, Market.FRAGILE);
    market.run("UPDATE orders SET amount = 0 WHERE shop = 'b'");
    Instant first = market.now();

    round.run(first);
    assertThat(failures()).isEqualTo(1);
    assertThat(freshness().pending()).isEqualTo(Pending.NONE);
    round.run(first);
    assertThat(failures()).isEqualTo(1);
    round.run(first.plus(Duration.ofMinutes(2)));
    assertThat(failures()).isEqualTo(2);

    market.run("UPDATE orders SET amount = 1 WHERE shop = 'b'");
    round.run(first.plus(Duration.ofMinutes(4)));
    assertThat(failures()).isZero();
    assertThat(market.count("SELECT share FROM a_fragile WHERE shop = 'b'")).isEqualTo(100);
  }

  @Test
  void aViewThatIsMadeAnewDoesNotWaitForWhatFailedInTheOldOne() {
    make(FRAGILE, Market.FRAGILE);
    market.run("UPDATE orders SET amount = 0 WHERE shop = 'b'");
    Instant now = market.now();
    round.run(now);
    assertThat(failures()).isEqualTo(1);

    views.drop(FRAGILE);
    make(FRAGILE, Market.QUERY);
    market.run("UPDATE orders SET amount = 7 WHERE shop = 'b'");
    round.run(now);

    assertThat(market.count("SELECT most FROM a_fragile WHERE shop = 'b'")).isEqualTo(7);
  }

  @Test
  void aTableThatIsLockedIsLeftAloneForAWhileAndWhatWasSeenIsWorkedInMeanwhile() throws Exception {
    market.run("ALTER TABLE orders DISABLE TRIGGER carillon_sales_k1_delete");
    Instant first = market.now();
    try (Connection writer = market.database().dataSource().getConnection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE orders SET weight = 1 WHERE shop = 'a'");

      round.run(first);
      assertThat(standing().state().failures()).isEqualTo(1);
      assertThat(standing().state().lastError()).contains("tried 1 x 100 ms");
      market.run("INSERT INTO orders (shop, amount) VALUES ('c', 3)");
      round.run(first);

      assertThat(standing().state().failures()).isEqualTo(1);
      assertThat(market.rows()).hasSize(3);
      assertThat(freshness().exact()).isFalse();
      round.run(first.plus(Duration.ofMinutes(2)));
      assertThat(standing().state().failures()).isEqualTo(2);
      writer.commit();
    }
    round.run(first.plus(Duration.ofMinutes(4)));
    assertThat(standing().state().failures()).isZero();
    assertThat(freshness().exact()).isTrue();
  }

  @Test
  void aFoldThatFailsIsAFailureOfTheView() {
    views.make(
        Market.wanted(
            FRAGILE, "SELECT shop, count(*) AS n FROM orders GROUP BY shop", Wanted.INCREMENTAL),
        market.now());
    market.run("ALTER TABLE carillon_a_fragile_p1_base ADD CONSTRAINT few CHECK (rows < 3)");
    market.run("INSERT INTO orders (shop, amount) VALUES ('a', 3)");
    Instant first = market.now();

    round.run(first);
    round.run(first);

    Standing standing = views.find(FRAGILE).orElseThrow();
    assertThat(standing.view().tier()).isEqualTo(Tier.LEDGER);
    assertThat(failures()).isEqualTo(1);
    assertThat(standing.state().lastError()).contains("few");
    assertThat(requireNonNull(standing.freshness()).exact()).isTrue();
    assertThat(market.count("SELECT n FROM a_fragile WHERE shop = 'a'")).isEqualTo(3);
    market.run("ALTER TABLE carillon_a_fragile_p1_base DROP CONSTRAINT few");
    round.run(first.plus(Duration.ofMinutes(2)));
    assertThat(failures()).isZero();
  }

  @Test
  void aFillingThatAlwaysFailsWaitsAndIsAFailureOfTheView() {
    make(FRAGILE, Market.FRAGILE);
    market.run("ALTER TABLE orders DISABLE TRIGGER carillon_a_fragile_k1_update");
    market.run("UPDATE orders SET amount = 0 WHERE shop = 'b'");
    Instant first = market.now();

    round.run(first);
    round.run(first);

    assertThat(failures()).isEqualTo(1);
    assertThat(views.find(FRAGILE).orElseThrow().state().lastError()).contains("division by zero");
    market.run("UPDATE orders SET amount = 1 WHERE shop = 'b'");
    round.run(first.plus(Duration.ofMinutes(2)));
    assertThat(failures()).isZero();
  }

  @Test
  void aShortIntervalIsNoAlarmSinceSuchAViewFollowsByItself() {
    market.run("UPDATE registered_view SET interval_millis = 100");
    round.run(market.now());
    market.run("UPDATE view_state SET proven_at = now() - interval '20 seconds'");
    assertThat(standing().staleness().stale()).isFalse();

    market.run("UPDATE view_state SET proven_at = now() - interval '40 seconds'");
    assertThat(standing().staleness().verdict()).isEqualTo(Staleness.Verdict.UNPROVEN);
    round.run(market.now());
    assertThat(standing().staleness().stale()).isFalse();
  }

  private void make(ViewName name, String query) {
    Made made = views.make(Market.wanted(name, query, Wanted.INCREMENTAL), market.now());
    assertThat(made)
        .isInstanceOfSatisfying(
            Made.Done.class, done -> assertThat(done.view().tier()).isEqualTo(Tier.KEYED));
  }

  private int failures() {
    return views.find(FRAGILE).orElseThrow().state().failures();
  }

  private Standing standing() {
    return views.find(Market.NAME).orElseThrow();
  }

  private Freshness freshness() {
    return requireNonNull(standing().freshness());
  }
}
