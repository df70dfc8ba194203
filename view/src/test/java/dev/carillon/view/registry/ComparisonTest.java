package dev.carillon.view.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Market;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.keeper.Audited;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Kept;
import dev.carillon.view.keeper.Piece;
import dev.carillon.view.keeper.Verdict;
import dev.carillon.view.keyed.Keyed;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.upkeep.Tending;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A view is not called exact before it was compared with its query. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class ComparisonTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String COUNTS = "SELECT shop, count(*) AS orders FROM orders GROUP BY shop";

  private final Market market;

  ComparisonTest(PostgresVersion version) {
    this.market = new Market(version);
  }

  @AfterEach
  void close() {
    market.close();
  }

  @Test
  void aKeeperThatReadsAQueryWronglyIsCaughtAndLeavesNothing() {
    String other =
        "SELECT shop, count(*) FILTER (WHERE amount < 5) AS orders FROM orders GROUP BY shop";
    Keeper wrong = new Wrong(new Ledger(market.database().jdbi()), other);

    assertThat(makeBy(wrong, COUNTS))
        .isInstanceOfSatisfying(
            Made.Refused.class,
            refused ->
                assertThat(refused.obstacles())
                    .singleElement()
                    .satisfies(obstacle -> {
                      assertThat(obstacle.tier()).isEqualTo(Tier.LEDGER);
                      assertThat(obstacle.reason()).contains("differ from its query in 1 rows");
                      assertThat(obstacle.hint()).contains("report");
                    }));
    assertThat(market.generated()).isZero();
    assertThat(market.views().list()).isEmpty();
    assertThat(makeBy(new Wrong(new Ledger(market.database().jdbi()), COUNTS), COUNTS))
        .isInstanceOf(Made.Done.class);
  }

  @Test
  void aKeeperThatReadsAQueryWronglyIsFollowedByTheNext() {
    String other = "SELECT shop, count(*) * 2 AS orders FROM orders GROUP BY shop";
    Views views =
        views(
            new Wrong(new Ledger(market.database().jdbi()), other),
            new Keyed(market.database().jdbi()));

    assertThat(views.make(Market.wanted(COUNTS, Wanted.INCREMENTAL), NOW))
        .isInstanceOfSatisfying(
            Made.Done.class, done -> assertThat(done.view().tier()).isEqualTo(Tier.KEYED));
    assertThat(market.count("SELECT orders FROM sales WHERE shop = 'a'")).isEqualTo(2);
  }

  @Test
  void columnsThatATableIsGivenByItsAliasAreRefused() {
    String swapped =
        "SELECT amount, sum(id) AS ids FROM orders AS x(amount, shop, id, weight) GROUP BY amount";

    assertThat(market.views().make(Market.wanted(swapped, Wanted.INCREMENTAL), NOW))
        .isInstanceOfSatisfying(
            Made.Refused.class,
            refused ->
                assertThat(refused.obstacles())
                    .extracting(Obstacle::reason)
                    .anyMatch(reason -> reason.contains("renamed")));
    assertThat(market.generated()).isZero();
  }

  @Test
  void columnsOfAllTypesAreCompared() {
    market.run("CREATE TYPE mood AS ENUM ('good', 'bad')");
    market.run("CREATE DOMAIN money_off AS numeric(9, 3)");
    market.run("CREATE TYPE pair AS (a int, b json)");
    market.run(
        "CREATE TABLE shops (shop text PRIMARY KEY, doc json, docs json[], place point, paper xml, feels mood,"
            + " moods mood[], off money_off, open int4range, times tstzmultirange, both_of pair, bytes bytea, tags varchar(9)[])");
    market.run(
        "INSERT INTO shops VALUES ('a', '{\"b\": 1}', ARRAY['[1]'::json], '(1,2)', '<x/>', 'bad', '{good,bad}', 1.500,"
            + " '[1,3)', '{}', ROW(1, '{}'), '\\x00', '{t}'), ('c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    String query =
        "WITH c AS (SELECT shop, count(*) AS n FROM orders GROUP BY shop)"
            + " SELECT s.*, c.n, 'x' AS word, NULL AS nothing FROM shops s LEFT JOIN c ON c.shop = s.shop";

    assertThat(market.views().make(Market.wanted(query, List.of(Tier.LEDGER)), NOW))
        .isInstanceOf(Made.Done.class);
  }

  @Test
  void aQueryThatFailsOnItsDataIsRejectedAndLeavesNothing() {
    assertThat(
            market
                .views()
                .make(
                    Market.wanted(
                        "SELECT shop, 1 / (count(*) - 1) AS share FROM orders GROUP BY shop",
                        List.of(Tier.LEDGER)),
                    NOW))
        .isInstanceOfSatisfying(
            Made.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("division by zero"));
    assertThat(market.generated()).isZero();
  }

  @Test
  void writersDoNotMakeADifference() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          threads.submit(() -> {
            while (!over.get()) {
              market.run(
                  "INSERT INTO orders (shop, amount) SELECT 's' || n % 7, n FROM generate_series(1, 50) n");
              market.run("UPDATE orders SET amount = amount + 1 WHERE shop = 's1'");
              market.run("DELETE FROM orders WHERE shop = 's2'");
            }
          });
      try {
        for (Tier tier : List.of(Tier.LEDGER, Tier.KEYED, Tier.LEDGER, Tier.KEYED)) {
          assertThat(makeInTime(tier)).isInstanceOf(Made.Done.class);
          assertThat(dropInTime()).isTrue();
        }
      } finally {
        over.set(true);
      }
      writer.get();
    }
  }

  /** The market's patience is short, and the writer hardly rests. */
  private Made makeInTime(Tier tier) {
    Made made = new Made.Busy("");
    while (made instanceof Made.Busy) {
      made = market.views().make(Market.wanted(COUNTS, List.of(tier)), NOW);
    }
    return made;
  }

  private boolean dropInTime() {
    while (true) {
      try {
        return market.views().drop(Market.NAME);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("lock");
      }
    }
  }

  private Made makeBy(Keeper keeper, String query) {
    return views(keeper).make(Market.wanted(query, List.of(keeper.tier())), NOW);
  }

  private Views views(Keeper... keepers) {
    return new Views(
        market.database().jdbi(),
        new Tending(market.database().jdbi(), List.of(keepers), new Random(1)),
        new FullRefresh(market.database().jdbi(), RefreshLimits.DEFAULT, new Random(1)));
  }

  /** Keeps another query than was wanted. */
  private record Wrong(Ledger ledger, String query) implements Keeper {

    @Override
    public Tier tier() {
      return ledger.tier();
    }

    @Override
    public List<Obstacle> obstacles(ViewQuery.Valid wanted, List<String> key) {
      return ledger.obstacles(wanted, key);
    }

    @Override
    public void create(ViewName view, ViewQuery.Valid wanted, List<String> key) {
      ledger.create(view, (ViewQuery.Valid) ViewQuery.parse(query));
    }

    @Override
    public void drop(ViewName view) {
      ledger.drop(view);
    }

    @Override
    public Verdict coverage(ViewName view) {
      return ledger.coverage(view);
    }

    @Override
    public Piece workIn(ViewName view) {
      return ledger.workIn(view);
    }

    @Override
    public long tidy(ViewName view) {
      return ledger.tidy(view);
    }

    @Override
    public boolean readsPartitions(ViewName view) {
      return ledger.readsPartitions(view);
    }

    @Override
    public Audited audit(ViewName view) {
      return ledger.audit(view);
    }

    @Override
    public Kept state(ViewName view) {
      return ledger.state(view);
    }
  }
}
