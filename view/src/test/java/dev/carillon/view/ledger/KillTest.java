package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.MortalConnections;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever makes or drops a view may be killed before each of its steps, and nothing is spoilt. */
@ParameterizedClass
@EnumSource(Version.class)
class KillTest {

  private static final int STRIDE = 7;
  private static final String LEFT =
      "SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE '%item_counts%')"
          + " + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%')"
          + " + (SELECT count(*) FROM pg_proc WHERE proname LIKE 'carillon_item%')"
          + " + (SELECT count(*) FROM ledger_part) + (SELECT count(*) FROM ledger_doubt)";

  private final Shop shop;

  KillTest(Version version) {
    shop = Shop.withoutView(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 50) g");
  }

  @Test
  void whoMakesAViewMayBeKilledBeforeEachStep() {
    int steps =
        kill(
            ledger -> ledger.create(Shop.VIEW, Shop.query(Shop.QUERY)),
            kills -> {
              write(kills);
              if (kills % 2 == 0) {
                shop.create();
                write(kills);
                shop.assertExactAndFoldable();
                assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
              }
              shop.ledger().drop(Shop.VIEW);
              assertThat(shop.count(LEFT)).isZero();
            });

    assertThat(steps).isGreaterThan(20);
    shop.assertExact();
  }

  @Test
  void whoDropsAViewMayBeKilledBeforeEachStep() {
    shop.create();
    int steps =
        kill(
            ledger -> ledger.drop(Shop.VIEW),
            kills -> {
              write(kills);
              if (kills % 2 == 0) {
                shop.ledger().drop(Shop.VIEW);
                assertThat(shop.count(LEFT)).isZero();
              }
              shop.create();
              write(kills);
              shop.assertExact();
              assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
            });

    assertThat(steps).isGreaterThan(8);
    assertThat(shop.count(LEFT)).isZero();
  }

  @Test
  void whoMakesGoodMayBeKilledBeforeEachStep() {
    shop.create();
    spoil(0);
    int steps =
        kill(
            ledger -> ledger.coverage(Shop.VIEW),
            kills -> {
              assertThat(shop.differences() == 0 || !shop.ledger().state(Shop.VIEW).exact())
                  .isTrue();
              write(kills);
              shop.ledger().coverage(Shop.VIEW);
              shop.assertExact();
              assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
              spoil(kills + 1);
            });

    assertThat(steps).isGreaterThan(15);
    shop.assertExact();
  }

  private void spoil(int round) {
    shop.run("DROP TRIGGER carillon_item_counts_p1_delete ON item");
    shop.run("DELETE FROM item WHERE id %% 5 = %d".formatted(round % 5));
  }

  private int kill(Consumer<Ledger> work, IntConsumer after) {
    return MortalConnections.killAtEachStep(
        shop.url(), STRIDE, jdbi -> work.accept(new Ledger(jdbi)), after);
  }

  /** What users do, whatever was left behind, succeeds. */
  private void write(int round) {
    shop.run(
        "INSERT INTO item (id, job, size) VALUES (%d, %d, 3)".formatted(10_000 + round, round));
    shop.run("UPDATE item SET job = %d WHERE id %% 5 = %d".formatted(round % 7, round % 5));
    shop.run("DELETE FROM item WHERE id = %d".formatted(10_000 + round));
    shop.run(
        "INSERT INTO item (id, job) VALUES (%d, 1) ON CONFLICT DO NOTHING".formatted(1 + round));
  }
}
