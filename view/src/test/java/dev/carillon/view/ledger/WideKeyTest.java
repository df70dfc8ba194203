package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups whose keys no index can hold are kept like all others. */
@ParameterizedClass
@EnumSource(Version.class)
class WideKeyTest {

  private static final String WIDE = "SELECT count(*) FROM carillon_item_counts_p1_wide";

  private final Shop shop;

  WideKeyTest(Version version) {
    shop = Shop.plain(version);
  }

  @Test
  void aKeyThatNoIndexCanHoldIsFoldedAndFilled() {
    for (int job = 0; job < 3; job++) {
      shop.run(insert(job, "x", 10));
      shop.run(insert(job, "y", 5));
      shop.run("INSERT INTO item (id, job, status, size) SELECT 900 + " + job + ", 1, 'a', 7");
      shop.assertExactAndFoldable();
    }
    assertThat(shop.count(WIDE)).isEqualTo(6);
    assertThat(shop.count("SELECT count(*) FROM carillon_item_counts_p1_base")).isEqualTo(1);

    shop.run(insert(0, "x", 10));
    shop.run("UPDATE item SET size = size + 1, status = status || 'z' WHERE id % 2 = 0");
    shop.assertExactAndFoldable();
    shop.run("UPDATE item SET job = NULL WHERE id % 3 = 0");
    shop.assertExactAndFoldable();
    shop.ledger().resync(Shop.VIEW);
    shop.assertExactAndFoldable();
    shop.run("DELETE FROM item WHERE id < 900");
    shop.assertExactAndFoldable();
    assertThat(shop.count("SELECT sum(n) FROM item_counts")).isEqualTo(3);
    assertThat(shop.ledger().tidy(Shop.VIEW)).isGreaterThan(6);
    shop.assertExactAndFoldable();
    assertThat(shop.count(WIDE)).isZero();
  }

  @Test
  void aGroupThatIsFoldedAgainAndAgainHasOneRow() {
    for (int i = 0; i < 4; i++) {
      shop.run(insert(7, "x", 3));
      shop.ledger().fold(Shop.VIEW);
    }

    assertThat(shop.count(WIDE)).isEqualTo(1);
    assertThat(shop.count("SELECT n FROM item_counts")).isEqualTo(12);
  }

  /** Of some 10 kB that cannot be compressed to what an index row has room for. */
  private static String insert(int job, String salt, int rows) {
    return "INSERT INTO item (id, job, status, size, amount) SELECT"
        + " (SELECT coalesce(max(id), 0) FROM item WHERE id < 900) + g, "
        + job
        + ", "
        + "(SELECT string_agg(md5(i::text || '"
        + salt
        + "'), '') FROM generate_series(1, 300) i), g, 2.5 FROM generate_series(1, "
        + rows
        + ") g";
  }
}
