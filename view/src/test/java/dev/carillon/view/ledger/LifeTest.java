package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a view is made, explained, looked at and taken away. */
@ParameterizedClass
@EnumSource(Version.class)
class LifeTest {

  private static final String OURS =
      "SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE '%item_counts%')"
          + " + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%')"
          + " + (SELECT count(*) FROM pg_proc WHERE proname LIKE 'carillon_item%')"
          + " + (SELECT count(*) FROM ledger_part) + (SELECT count(*) FROM ledger_doubt)";

  private final Shop shop;

  LifeTest(Version version) {
    shop = Shop.withoutView(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
  }

  @Test
  void aViewOfAFullTableIsExactFromTheStartAndMayBeMadeAgain() {
    shop.create();
    shop.assertExact();
    shop.create();

    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void aViewThatWasDroppedLeavesNothing() {
    shop.create();
    shop.run("DELETE FROM item WHERE id < 100");

    shop.ledger().drop(Shop.VIEW);

    assertThat(shop.count(OURS)).isZero();
    shop.run("DELETE FROM item");
    shop.ledger().drop(Shop.VIEW);
    shop.create();
    shop.assertExact();
  }

  @Test
  void aViewThatIsReadByAnotherStaysWhole() {
    shop.create();
    shop.run("CREATE VIEW reader AS SELECT * FROM item_counts");

    assertThatThrownBy(() -> shop.ledger().drop(Shop.VIEW)).hasMessageContaining("reader");

    shop.run("DELETE FROM item WHERE id < 100");
    shop.assertExactAndFoldable();
  }

  @Test
  void whatAFailureLeftHalfMadeIsFinishedOrTakenAwayBySecondTries() throws Exception {
    Ledger hasty = new Ledger(shop.jdbi(), Duration.ofMillis(20), 2);
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE item SET size = 1 WHERE id = 1");

      assertThatThrownBy(() -> hasty.create(Shop.VIEW, Shop.query(Shop.QUERY)))
          .isInstanceOf(CaptureBusy.class);
      assertThat(shop.count("SELECT count(*) FROM ledger_part")).isEqualTo(1);
      assertThat(shop.ledger().state(Shop.VIEW).exact()).isFalse();

      connection.commit();
      hasty.create(Shop.VIEW, Shop.query(Shop.QUERY));
      shop.assertExact();

      statement.execute("UPDATE item SET size = 2 WHERE id = 1");
      assertThatThrownBy(() -> hasty.drop(Shop.VIEW)).isInstanceOf(CaptureBusy.class);
      connection.commit();
    }
    hasty.drop(Shop.VIEW);
    assertThat(shop.count(OURS)).isZero();
  }

  @Test
  void anotherQueryOrATakenNameIsRefused() {
    shop.create();

    assertThatThrownBy(() ->
            shop.ledger()
                .create(Shop.VIEW, Shop.query("SELECT job, count(*) FROM item GROUP BY job")))
        .isInstanceOf(LedgerRefused.class)
        .hasMessageContaining("Drop it first");
    assertThatThrownBy(() ->
            shop.ledger()
                .create(
                    new ViewName("item"),
                    Shop.query("SELECT job, count(*) FROM item GROUP BY job")))
        .isInstanceOf(LedgerRefused.class)
        .hasMessageContaining("item already");
    shop.assertExact();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT job, sum(size::float8) FROM item GROUP BY job     | float8",
        "SELECT job, avg(size::real) FROM item GROUP BY job       | float4",
        "SELECT job, sum(size::text::money) FROM item GROUP BY job | money",
        "SELECT date_trunc('day', at), count(*) FROM timed GROUP BY 1 | IMMUTABLE",
        "SELECT job, count(*) FROM item WHERE wobbly(id) GROUP BY job | IMMUTABLE",
        "SELECT job, count(*) FROM seen GROUP BY job              | lasting table",
        "SELECT job, count(*) FROM fleeting GROUP BY job          | lasting table",
        "SELECT lower(status) AS job, count(*) FROM item GROUP BY job, status | means the column",
        "SELECT job, count(*) FROM nowhere GROUP BY job           | nowhere",
        "SELECT job, count(*) FROM pg_stat_activity GROUP BY job  | job",
      })
  void whatOnlyTheDatabaseKnowsIsFoundBeforeAnythingIsMade(String sql, String reason) {
    shop.run("CREATE TABLE timed (at timestamptz)");
    shop.run("CREATE VIEW seen AS SELECT * FROM item");
    shop.run("CREATE UNLOGGED TABLE fleeting (job int)");
    shop.run(
        "CREATE FUNCTION wobbly(bigint) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END'");

    assertThatThrownBy(() -> shop.ledger().create(new ViewName("other"), Shop.query(sql)))
        .isInstanceOf(LedgerRefused.class)
        .hasMessageContaining(reason);

    assertThat(shop.count("SELECT count(*) FROM pg_class WHERE relname LIKE 'carillon_%other%'"))
        .isZero();
    assertThat(shop.count("SELECT count(*) FROM ledger_part")).isZero();
  }

  @Test
  void oddNamesAndOddCharactersAreNoTrouble() {
    shop.run("CREATE SCHEMA \"Odd \"\"one\"");
    shop.run("CREATE TABLE \"Odd \"\"one\".\"T?:x\" (\"The Key\" text, \"v\" jsonb)");
    shop.run("INSERT INTO \"Odd \"\"one\".\"T?:x\" VALUES ('a:b', '{\"x\": 1}'), (NULL, '{}')");
    ViewName name = new ViewName("v".repeat(ViewName.MAX_LENGTH));

    shop.ledger()
        .create(
            name,
            Shop.query(
                "SELECT \"The Key\", count(*) FILTER (WHERE v ? 'x' AND \"The Key\" <> ':no') AS \"N?\""
                    + " FROM \"Odd \"\"one\".\"T?:x\" GROUP BY \"The Key\""));
    shop.run("INSERT INTO \"Odd \"\"one\".\"T?:x\" VALUES ('a:b', '{\"x\": 2}')");

    assertThat(shop.count("SELECT \"N?\" FROM " + name + " WHERE \"The Key\" = 'a:b'"))
        .isEqualTo(2);
    assertThat(shop.ledger().audit(name).mismatches()).isZero();
  }

  @Test
  void aCountWithoutGroupsHasOneRowEvenOfNothing() {
    ViewName name = new ViewName("all_items");
    shop.ledger()
        .create(
            name, Shop.query("SELECT count(*) AS n, sum(size) AS s, avg(size) FROM item -- all"));
    assertThat(shop.lines("SELECT concat_ws(',', n, s) FROM all_items"))
        .containsExactly("500,125250");

    shop.run("DELETE FROM item");

    assertThat(shop.lines("SELECT concat_ws(',', n, coalesce(s, -1)) FROM all_items"))
        .containsExactly("0,-1");
    shop.ledger().fold(name);
    assertThat(shop.count("SELECT n FROM all_items")).isZero();
    assertThat(shop.ledger().audit(name).mismatches()).isZero();
  }

  @Test
  void partsAreJoinedWhenTheyAreReadAndAKeyReachesTheIndex() {
    shop.run("CREATE TABLE job (id bigint PRIMARY KEY)");
    shop.run("INSERT INTO job SELECT generate_series(0, 20000)");
    shop.run("INSERT INTO item (id, job) SELECT g, g FROM generate_series(1000, 20000) g");
    ViewName name = new ViewName("progress");
    shop.ledger()
        .create(
            name,
            Shop.query(
                """
                WITH o AS (SELECT job, count(*) AS n, sum(size) AS s FROM item GROUP BY job),
                     h AS (SELECT job, count(*) AS n FROM item WHERE hidden GROUP BY job)
                SELECT j.id, coalesce(o.n, 0) AS n, coalesce(h.n, 0) AS hidden, o.s
                FROM job j LEFT JOIN o ON o.job = j.id LEFT JOIN h ON h.job = j.id\
                """));
    shop.run("UPDATE item SET hidden = true WHERE job = 3");
    shop.run("ANALYZE");

    assertThat(shop.count("SELECT hidden FROM progress WHERE id = 3")).isEqualTo(56);
    assertThat(shop.count("SELECT sum(n) FROM progress")).isEqualTo(19501);
    List<String> plan = shop.lines("EXPLAIN SELECT * FROM progress WHERE id = 3");
    assertThat(plan)
        .anyMatch(line ->
            line.contains("carillon_progress_p1_base_base_key")
                || line.contains("carillon_progress_p1_base_key"));
    assertThat(plan).noneMatch(line -> line.contains("Seq Scan on carillon_progress_p1_base"));
  }

  @Test
  void theStateSaysWhatIsPendingAndWhoKeepsDeadRows() throws Exception {
    shop.create();
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      statement.execute("SELECT count(*) FROM item");
      shop.run("UPDATE item SET job = 1 WHERE id < 50");

      LedgerState state = shop.ledger().state(Shop.VIEW);

      assertThat(state.exact()).isTrue();
      assertThat(state.pending()).isPositive();
      assertThat(state.oldestPendingAt()).isNotNull();
      assertThat(state.syncedAt()).isBefore(state.oldestPendingAt());
      assertThat(state.baseBytes()).isPositive();
      assertThat(state.xminHolder()).contains("session");
      assertThat(state.xminAge()).isPositive();
      statement.execute("COMMIT");
    }
  }

  @Test
  void aColumnThatIsCountedCannotBeDropped() {
    shop.create();

    assertThatThrownBy(() -> shop.run("ALTER TABLE item DROP COLUMN amount"))
        .hasMessageContaining("carillon_item_counts_p1_recompute");
  }
}
