package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The proofs can fail: a ledger that is built wrong is found out. */
@ParameterizedClass
@EnumSource(Version.class)
class MutationTest {

  private static final String LEDGER = "carillon_item_counts_p1_ledger";

  private final Shop shop;

  MutationTest(Version version) {
    shop = Shop.plain(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert   | INSERT INTO item (id, job) VALUES (1000, 1)",
        "update   | UPDATE item SET job = 3 WHERE id = 1",
        "delete   | DELETE FROM item WHERE id = 1",
        "truncate | TRUNCATE item",
      })
  void aMissingTriggerIsFoundByTheAuditAndByComparison(String trigger, String sql) {
    shop.run("DROP TRIGGER carillon_item_counts_p1_" + trigger + " ON item");

    shop.run(sql);

    assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isPositive();
    assertThat(shop.differences()).isPositive();
  }

  /** What others do: remember how far one has read, by a sequence; a late commit is lost. */
  @Test
  void aFoldByTheOrderOfASequenceIsFoundByTheAudit() throws Exception {
    shop.run("ALTER TABLE " + LEDGER + " ADD COLUMN seq bigserial");
    shop.ledger().fold(Shop.VIEW);
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE item SET job = 100 WHERE id = 1");
      shop.run("UPDATE item SET job = 100 WHERE id = 2");
      long read = shop.count("SELECT max(seq) FROM " + LEDGER);
      shop.ledger().fold(Shop.VIEW);
      connection.commit();
      assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isZero();

      shop.run("DELETE FROM " + LEDGER + " WHERE seq <= " + read);
    }

    assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isPositive();
    assertThat(shop.differences()).isPositive();
  }
}
