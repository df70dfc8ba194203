package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.keeper.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions are covered; what no trigger sees is labelled at once and made good by one look. */
@ParameterizedClass
@EnumSource(Version.class)
class CoverageTest {

  private final Shop shop;

  CoverageTest(Version version) {
    shop = Shop.partitioned(version);
    shop.run(
        "INSERT INTO item (id, job, amount) SELECT g, g % 5, g FROM generate_series(1, 2999, 7) g");
  }

  @Test
  void aPartitionIsCoveredThroughTheTableAndDirectly() {
    List<String> changes =
        List.of(
            "INSERT INTO item_1 (id, job) VALUES (3, 1)",
            "INSERT INTO item_3 (id, job) VALUES (2005, 1)",
            "INSERT INTO item_3a (id, job) VALUES (2004, 1)",
            "UPDATE item_2 SET job = 9",
            "UPDATE item_3 SET job = 9",
            "UPDATE item SET id = id + 2000 WHERE id IN (8, 15, 22)",
            "UPDATE item_3 SET amount = amount + 1",
            "DELETE FROM item_3a WHERE id % 2 = 0",
            "DELETE FROM item");
    for (String sql : changes) {
      shop.run(sql);
      shop.assertExactAndFoldable();
    }
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
    assertThat(shop.ledger().coverage(Shop.VIEW)).isEqualTo(Verdict.SURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUNCATE item_1",
        "TRUNCATE item_3",
        "ALTER TABLE item DETACH PARTITION item_2; INSERT INTO item_2 (id, job) VALUES (1500, 3)",
        "DROP TABLE item_2",
        "CREATE TABLE item_4 (LIKE item INCLUDING ALL);"
            + " INSERT INTO item_4 (id, job) SELECT g, 3 FROM generate_series(3000, 3100) g;"
            + " ALTER TABLE item ATTACH PARTITION item_4 FOR VALUES FROM (3000) TO (4000)",
        "CREATE TABLE item_4 PARTITION OF item FOR VALUES FROM (3000) TO (4000);"
            + " INSERT INTO item_4 (id, job) VALUES (3001, 3)",
        "ALTER TABLE item DISABLE TRIGGER ALL; DELETE FROM item WHERE id < 500",
        "ALTER TABLE item DISABLE TRIGGER ALL; DELETE FROM item WHERE id < 500;"
            + " ALTER TABLE item ENABLE TRIGGER ALL",
        "ALTER TABLE item_1 DISABLE TRIGGER carillon_item_counts_p1_delete;"
            + " DELETE FROM item_1 WHERE id < 500;"
            + " ALTER TABLE item_1 ENABLE ALWAYS TRIGGER carillon_item_counts_p1_delete",
        "DROP TRIGGER carillon_item_counts_p1_delete ON item; DELETE FROM item WHERE id < 500",
      })
  void whatNoTriggerSeesIsLabelledAtOnceAndThenMadeGood(String sql) {
    shop.ledger().fold(Shop.VIEW);

    shop.run(sql);

    LedgerState labelled = shop.ledger().state(Shop.VIEW);
    assertThat(labelled.exact()).isFalse();
    assertThat(labelled.reason()).isNotBlank();
    Verdict verdict = shop.ledger().coverage(Shop.VIEW);
    assertThat(verdict.exact()).isTrue();
    assertThat(verdict.resynced()).isTrue();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().coverage(Shop.VIEW)).isEqualTo(Verdict.SURE);

    shop.run("DELETE FROM item WHERE id % 3 = 0");
    shop.assertExactAndFoldable();
  }

  @Test
  void aPartitionThatWasDetachedNoLongerCounts() {
    shop.run("ALTER TABLE item DETACH PARTITION item_2");
    shop.ledger().coverage(Shop.VIEW);

    shop.run("INSERT INTO item_2 (id, job) SELECT g, 3 FROM generate_series(5000, 5100) g");

    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void aTruncateOfTheWholeTableIsCountedAtOnce() {
    shop.run("TRUNCATE item");
    shop.assertExactAndFoldable();
    shop.ledger().coverage(Shop.VIEW);
    shop.run("INSERT INTO item (id, job) VALUES (1, 1)");
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void anAuditThatFindsADifferenceLabelsTheViewUntilItIsMadeGood() {
    shop.ledger().fold(Shop.VIEW);
    shop.run("UPDATE carillon_item_counts_p1_base SET rows = rows + 1, m1 = m1 - 1 WHERE k1 = 1");

    assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isEqualTo(1);
    assertThat(shop.ledger().state(Shop.VIEW).reason()).contains("audit");
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
    shop.assertExactAndFoldable();
  }
}
