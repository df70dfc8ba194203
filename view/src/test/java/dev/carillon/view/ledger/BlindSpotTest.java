package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Patience;
import dev.carillon.view.ViewName;
import dev.carillon.view.keeper.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What writes or changes a table past its triggers is refused, covered, or labelled as unseen. */
@ParameterizedClass
@EnumSource(Version.class)
class BlindSpotTest {

  private static final ViewName VIEW = new ViewName("loose_counts");
  private static final Duration MOST = Duration.ofSeconds(30);

  private final Shop shop;

  BlindSpotTest(Version version) {
    shop = Shop.partitioned(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
  }

  @Test
  void aForeignPartitionIsLabelledAsLongAsItIsThereAndNoLonger() {
    shop.run("CREATE TABLE loose (id bigint, job bigint) PARTITION BY RANGE (id)");
    shop.run("CREATE TABLE loose_1 PARTITION OF loose FOR VALUES FROM (0) TO (1000)");
    make("loose");
    shop.run("INSERT INTO loose VALUES (1, 77)");
    shop.run("CREATE TABLE far_rows (id bigint, job bigint)");
    shop.run("INSERT INTO far_rows VALUES (9001, 77)");
    shop.run("CREATE EXTENSION IF NOT EXISTS postgres_fdw WITH SCHEMA public");
    shop.run("DROP SERVER IF EXISTS far CASCADE");
    shop.run(
        "DO $$ BEGIN EXECUTE format('CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS"
            + " (host %L, port %L, dbname %L)', '127.0.0.1', current_setting('port'),"
            + " current_database()); END $$");
    shop.run("CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'postgres')");
    shop.run(
        "CREATE FOREIGN TABLE loose_far PARTITION OF loose FOR VALUES FROM (9000) TO (9999)"
            + " SERVER far OPTIONS (schema_name 'play', table_name 'far_rows')");

    Verdict verdict = shop.ledger().coverage(VIEW);

    assertThat(verdict.exact()).isFalse();
    assertThat(verdict.reason()).contains("loose_far is a foreign table");
    assertThat(counted()).isEqualTo(2);
    shop.run("INSERT INTO far_rows VALUES (9002, 77)");
    assertThat(shop.ledger().coverage(VIEW)).isEqualTo(new Verdict(false, verdict.reason(), false));
    assertThat(counted()).isEqualTo(2);
    assertThat(shop.ledger().state(VIEW).exact()).isFalse();

    shop.run("DROP FOREIGN TABLE loose_far");
    assertThat(shop.ledger().coverage(VIEW).exact()).isTrue();
    assertThat(counted()).isEqualTo(1);
  }

  @Test
  void aTableThatASubscriptionWritesToIsLabelledAsLongAsItDoesAndNoLonger() {
    shop.run("CREATE TABLE loose (id bigint PRIMARY KEY, job bigint)");
    make("loose");
    String source = "source_" + System.nanoTime();
    shop.run("CREATE DATABASE " + source);
    Shop publisher = Shop.at(shop.url().replaceFirst("/\\w+\\?", "/" + source + "?"));
    try {
      subscribe(publisher, source);
      Verdict verdict = shop.ledger().coverage(VIEW);
      assertThat(verdict.exact()).isFalse();
      assertThat(verdict.reason()).contains("written by a subscription");

      publisher.run("INSERT INTO play.loose VALUES (1, 77)");
      Patience.until(MOST, () -> shop.count("SELECT count(*) FROM loose") == 1);

      assertThat(counted()).isZero();
      assertThat(shop.ledger().state(VIEW).exact()).isFalse();
    } finally {
      shop.run("DROP SUBSCRIPTION IF EXISTS " + source);
      publisher.close();
      shop.run("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(source));
    }
    assertThat(shop.ledger().coverage(VIEW).exact()).isTrue();
    assertThat(counted()).isEqualTo(1);
  }

  /** From another database of the same server: its slot is made first, or it waits for itself. */
  private void subscribe(Shop publisher, String source) {
    publisher.run("CREATE SCHEMA play");
    publisher.run("CREATE TABLE play.loose (id bigint PRIMARY KEY, job bigint)");
    publisher.run("CREATE PUBLICATION everything FOR TABLE play.loose");
    publisher.run("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(source));
    shop.run(
        "DO $$ BEGIN EXECUTE format('CREATE SUBSCRIPTION %1$s CONNECTION %%L PUBLICATION everything"
                .formatted(source)
            + " WITH (create_slot = false, copy_data = false)',"
            + " 'host=127.0.0.1 user=postgres dbname=%s port=' || current_setting('port')); END $$"
                .formatted(source));
  }

  private void make(String table) {
    shop.ledger()
        .create(
            VIEW, Shop.query("SELECT job, count(*) AS n FROM %s GROUP BY job".formatted(table)));
  }

  private long counted() {
    return shop.count("SELECT coalesce(sum(n), 0)::bigint FROM loose_counts WHERE job = 77");
  }

  @Test
  void aTableThatIsDroppedWithWhatDependsOnItIsLabelledUntilTheViewIsMadeAgain() {
    assertThatThrownBy(() -> shop.run("DROP TABLE item")).hasMessageContaining("recompute");
    shop.run("DROP TABLE item CASCADE");

    assertThat(shop.ledger().state(Shop.VIEW).exact()).isFalse();
    Verdict verdict = shop.ledger().coverage(Shop.VIEW);
    assertThat(verdict.exact()).isFalse();
    assertThat(verdict.reason()).contains("gone");

    shop.run(
        "CREATE TABLE item (id bigint, job bigint, status text DEFAULT 'a', amount numeric(12, 2),"
            + " size int, hidden boolean DEFAULT false)");
    shop.run("INSERT INTO item (id, job, size) VALUES (1, 2, 3)");
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isFalse();
    shop.create();
    shop.run("INSERT INTO item (id, job, size) VALUES (2, 2, 3)");
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void aColumnThatIsCountedKeepsItsTypeAndOthersMayBeAddedOrChanged() {
    assertThatThrownBy(() -> shop.run("ALTER TABLE item ALTER COLUMN size TYPE bigint"))
        .hasMessageContaining("used by a view");
    shop.run("ALTER TABLE item ADD COLUMN extra int DEFAULT 7");
    shop.run("ALTER TABLE item ALTER COLUMN note TYPE varchar(100)");
    shop.run("UPDATE item SET size = size + 1 WHERE id < 100");

    shop.assertExactAndFoldable();
  }

  /** Nothing in the catalog tells of it any more. */
  @Test
  void aPartitionThatCameAndWentBetweenTwoLooksIsFoundByTheAudit() {
    shop.run("CREATE TABLE item_4 PARTITION OF item FOR VALUES FROM (3000) TO (4000)");
    shop.run("INSERT INTO item (id, job) VALUES (3001, 3)");
    shop.run("DROP TABLE item_4");

    assertThat(shop.differences()).isPositive();
    assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isPositive();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isFalse();
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
    shop.assertExactAndFoldable();
  }

  @Test
  void sumsOfTheLargestNumbersAreRight() {
    shop.run("CREATE TABLE big (id int, worth bigint, small int)");
    ViewName view = new ViewName("big_sums");
    shop.ledger()
        .create(
            view,
            Shop.query(
                "SELECT sum(worth) AS total, sum(small) AS little, avg(worth) AS mean, count(*) AS n FROM big"));
    for (int i = 0; i < 5; i++) {
      shop.run("INSERT INTO big VALUES (%d, 9223372036854775807, 2147483647)".formatted(i));
      shop.ledger().fold(view);
    }
    shop.run(
        "INSERT INTO big SELECT g, 9223372036854775807, 2147483647 FROM generate_series(1, 5) g");

    assertThat(shop.lines("SELECT total || ' ' || little || ' ' || n FROM big_sums"))
        .containsExactly("92233720368547758070 21474836470 10");
    assertThat(shop.ledger().audit(view).mismatches()).isZero();
    shop.run("DELETE FROM big");
    assertThat(shop.ledger().audit(view).mismatches()).isZero();
    shop.ledger().fold(view);
    assertThat(shop.ledger().audit(view).mismatches()).isZero();
  }

  /**
   * It takes 2^32 rows of the largest integer; so what is stored is brought near the end by hand.
   */
  @Test
  void aSumThatLeavesItsTypeIsAnErrorToReadersAndNotToWriters() {
    shop.run("CREATE TABLE big (id int, small int)");
    ViewName view = new ViewName("big_sums");
    shop.ledger().create(view, Shop.query("SELECT sum(small) AS little FROM big"));
    shop.run("INSERT INTO big VALUES (1, 5)");
    shop.ledger().fold(view);
    shop.run("UPDATE carillon_big_sums_p1_base SET m1 = 9223372036854775807");

    shop.run("INSERT INTO big VALUES (2, 5)");

    assertThatThrownBy(() -> shop.lines("SELECT little FROM big_sums"))
        .hasMessageContaining("bigint out of range");
    assertThatThrownBy(() -> shop.ledger().fold(view)).hasStackTraceContaining("out of range");
    shop.run("INSERT INTO big VALUES (3, 5)");
    shop.ledger().resync(view);
    assertThat(shop.lines("SELECT little::text FROM big_sums")).containsExactly("15");
  }
}
