package dev.carillon.view.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Market;
import dev.carillon.view.MortalConnections;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever makes or drops a view may be killed before each step: it can be told, ended or made. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KilledViewsTest {

  private static final int STRIDE = 9;
  private static final String QUERY =
      "SELECT shop, count(*) AS orders, sum(amount) AS amount FROM orders GROUP BY shop";

  private final Market market;

  KilledViewsTest(PostgresVersion version) {
    this.market = new Market(version);
  }

  @AfterEach
  void close() {
    market.close();
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void whoMakesAViewMayBeKilledBeforeEachStep(Tier tier) {
    int steps =
        kill(
            views -> make(views, tier),
            kills -> {
              assertTold();
              if (kills % 2 == 0) {
                assertMade(tier);
              }
              assertDropped();
            });

    assertThat(steps).isGreaterThan(5);
    assertThat(market.views().list()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void whoDropsAViewMayBeKilledBeforeEachStep(Tier tier) {
    assertMade(tier);
    int steps =
        kill(
            views -> views.drop(Market.NAME),
            kills -> {
              assertTold();
              if (kills % 2 == 0) {
                assertDropped();
              }
              assertMade(tier);
            });

    assertThat(steps).isGreaterThan(5);
    assertThat(market.generated()).isZero();
    assertThat(market.views().list()).isEmpty();
  }

  private int kill(Consumer<Views> work, IntConsumer after) {
    return MortalConnections.killAtEachStep(
        market.url(), STRIDE, jdbi -> work.accept(Market.views(jdbi)), after);
  }

  private void make(Views views, Tier tier) {
    var _ = views.make(Market.wanted(QUERY, List.of(tier), "shop"), market.now());
  }

  /** Users write and the upkeep goes on, whatever was left behind. */
  private void assertTold() {
    market.run("INSERT INTO orders (shop, amount) VALUES ('a', 3)");
    market.round().run(market.now());
    for (Standing standing : market.views().list()) {
      assertThat(market.views().find(standing.view().name())).isPresent();
    }
  }

  private void assertMade(Tier tier) {
    Made made = market.views().make(Market.wanted(QUERY, List.of(tier), "shop"), market.now());
    if (made instanceof Made.NameTaken) {
      assertThat(market.views().list()).hasSize(1);
    } else {
      assertThat(made).isInstanceOf(Made.Done.class);
    }
    if (tier != Tier.FULL) {
      market.run("INSERT INTO orders (shop, amount) VALUES ('a', 3)");
      market.round().run(market.now());
      assertThat(market.views().list().getFirst().state().exact()).isTrue();
      assertThat(market.count("SELECT sum(orders)::bigint FROM sales"))
          .isEqualTo(market.count("SELECT count(*) FROM orders"));
    }
  }

  private void assertDropped() {
    boolean begun = market.generated() > 0 || !market.views().list().isEmpty();
    assertThat(market.views().drop(Market.NAME)).isEqualTo(begun);
    assertThat(market.generated()).isZero();
    assertThat(market.views().list()).isEmpty();
  }
}
