package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.keeper.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A table whose rows a crash takes, or not everyone sees, is refused, and labelled if it becomes
 * one.
 */
@ParameterizedClass
@EnumSource(Version.class)
class UnseenRowsTest {

  private static final String QUERY = "SELECT job, count(*) AS n FROM item GROUP BY job";

  private final Shop shop;

  UnseenRowsTest(Version version) {
    shop = Shop.partitioned(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE item_2 SET UNLOGGED           | ALTER TABLE item_2 SET LOGGED           | item_2 is not logged",
        "ALTER TABLE item_3a ENABLE ROW LEVEL SECURITY | ALTER TABLE item_3a DISABLE ROW LEVEL SECURITY | item_3a has row level security",
        "ALTER TABLE item FORCE ROW LEVEL SECURITY | ALTER TABLE item NO FORCE ROW LEVEL SECURITY | item has row level security",
      })
  void itIsLabelledAsLongAsItIsSoAndRefusedBefore(String change, String back, String reason) {
    shop.run(change);

    assertThat(shop.ledger().state(Shop.VIEW).exact()).isFalse();
    Verdict verdict = shop.ledger().coverage(Shop.VIEW);
    assertThat(verdict.exact()).isFalse();
    assertThat(verdict.reason()).contains(reason);
    assertThat(shop.ledger().coverage(Shop.VIEW))
        .isEqualTo(new Verdict(false, verdict.reason(), false));
    List<Obstacle> obstacles = shop.ledger().obstacles(Shop.query(QUERY));
    assertThat(obstacles).hasSize(1);
    assertThat(obstacles.getFirst().hint()).contains("ALTER TABLE play.item");

    shop.run(back);

    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().obstacles(Shop.query(QUERY))).isEmpty();
  }

  @Test
  void anUnloggedPartitionThatIsAddedIsLabelled() {
    shop.run("CREATE UNLOGGED TABLE item_4 PARTITION OF item FOR VALUES FROM (3000) TO (4000)");

    assertThat(shop.ledger().coverage(Shop.VIEW).reason()).contains("item_4 is not logged");
    shop.run("DROP TABLE item_4");
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
  }
}
