package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.TransactionPooler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A view that a ledger keeps needs nothing of a session. */
class PoolerTest {

  @ParameterizedTest
  @EnumSource(Version.class)
  void itsWholeLifeRunsThroughAPoolerInTransactionMode(Version version) throws Exception {
    Shop shop = Shop.withoutView(version.newDatabase());
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
    // A pooler gives its clients the database's own settings.
    shop.run(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = play, public', current_database()); END $$");
    try (TransactionPooler pooler =
        new TransactionPooler(shop.url().replaceFirst("&currentSchema=.*", ""))) {
      Ledger ledger = new Ledger(pooler.jdbi());
      assertThat(ledger.obstacles(Shop.query(Shop.QUERY))).isEmpty();
      ledger.create(Shop.VIEW, Shop.query(Shop.QUERY));
      shop.run("UPDATE item SET job = 3 WHERE id < 50");
      assertThat(ledger.fold(Shop.VIEW).rows()).isPositive();
      shop.assertExact();
      shop.run("DROP TRIGGER carillon_item_counts_p1_delete ON item");
      shop.run("DELETE FROM item WHERE id < 100");
      assertThat(ledger.audit(Shop.VIEW).mismatches()).isPositive();
      assertThat(ledger.coverage(Shop.VIEW).resynced()).isTrue();
      ledger.resync(Shop.VIEW);
      assertThat(ledger.state(Shop.VIEW).exact()).isTrue();
      shop.assertExactAndFoldable();
      ledger.drop(Shop.VIEW);
      assertThat(shop.count("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'"))
          .isZero();
      assertThat(pooler.wiped()).isGreaterThan(30);
    }
    shop.close();
  }
}
