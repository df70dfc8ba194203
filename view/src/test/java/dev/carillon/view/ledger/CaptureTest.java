package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever writes to the table, the view equals its query: at once, and after a fold. */
@ParameterizedClass
@EnumSource(Version.class)
class CaptureTest {

  private static final String SOME =
      "INSERT INTO item (id, job, status, amount, size, hidden)"
          + " SELECT g, nullif(g % 5, 0), substr('abc', 1 + g % 3, 1), nullif(g % 7, 0) * 1.25, g % 100, g % 11 = 0"
          + " FROM generate_series(1, 300) g";

  private final Version version;
  private final Shop shop;

  CaptureTest(Version version) {
    this.version = version;
    this.shop = Shop.plain(version);
    shop.run(SOME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "INSERT INTO item (id, job) VALUES (1001, NULL), (1002, 7)",
        "UPDATE item SET status = 'b' WHERE id < 50",
        "UPDATE item SET job = job + 1",
        "UPDATE item SET job = NULL WHERE job = 1",
        "UPDATE item SET job = 1 WHERE job IS NULL",
        "UPDATE item SET amount = NULL WHERE id % 2 = 0",
        "UPDATE item SET hidden = NOT hidden",
        "UPDATE item SET size = -2147483648, status = 'b' WHERE id BETWEEN 5 AND 9",
        "UPDATE item SET note = 'nothing that counts'",
        "UPDATE item SET size = size WHERE false",
        "DELETE FROM item WHERE id % 2 = 0",
        "DELETE FROM item",
        "TRUNCATE item",
        "INSERT INTO item (id, job, size) SELECT g, 3, 60 FROM generate_series(200, 400) g"
            + " ON CONFLICT (id) DO UPDATE SET job = excluded.job, size = item.size + 1",
        "INSERT INTO item (id, job) SELECT g, 3 FROM generate_series(200, 400) g"
            + " ON CONFLICT DO NOTHING",
        "MERGE INTO item USING (SELECT generate_series(250, 350) AS g) s ON s.g = item.id"
            + " WHEN MATCHED AND id % 3 = 0 THEN DELETE"
            + " WHEN MATCHED THEN UPDATE SET job = 9, amount = 1"
            + " WHEN NOT MATCHED THEN INSERT (id, job) VALUES (s.g, 10)",
        "WITH a AS (DELETE FROM item WHERE id <= 20 RETURNING *),"
            + " b AS (UPDATE item SET status = 'c' WHERE id BETWEEN 21 AND 40 RETURNING 1)"
            + " INSERT INTO item (id, job) SELECT id + 5000, job FROM a",
        "WITH a AS (UPDATE item SET status = 'c' WHERE id < 20 RETURNING 1)"
            + " UPDATE item SET status = 'd' WHERE id > 280",
      })
  void aStatementIsCountedAsItChangesTheRows(String sql) {
    shop.run(sql);

    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void groupsThatHaveVanishedAreTakenOutAndTheirChangesNeverGoBack() {
    String changes = "SELECT changes FROM carillon_item_counts_p1_live WHERE k1 = 77 AND k2 = 'a'";
    shop.run("INSERT INTO item (id, job) VALUES (770, 77), (771, 77)");
    shop.run("INSERT INTO item (id, job) SELECT g, g FROM generate_series(1000, 1999) g");
    shop.run("UPDATE item SET size = 3 WHERE job = 77");
    shop.assertExactAndFoldable();
    long before = shop.count(changes);
    long kept = shop.count("SELECT count(*) FROM carillon_item_counts_p1_base");
    shop.run("DELETE FROM item WHERE id >= 770 AND hidden = false");
    shop.run("INSERT INTO item (id, job) VALUES (5000, 1500)");
    shop.assertExactAndFoldable();
    assertThat(shop.count("SELECT count(*) FROM carillon_item_counts_p1_base")).isEqualTo(kept);

    assertThat(shop.ledger().tidy(Shop.VIEW)).isEqualTo(1000);

    assertThat(shop.count("SELECT count(*) FROM carillon_item_counts_p1_base"))
        .isEqualTo(kept - 1000);
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().tidy(Shop.VIEW)).isZero();
    shop.run("INSERT INTO item (id, job) VALUES (772, 77)");
    assertThat(shop.count(changes)).isGreaterThan(before);
    shop.assertExactAndFoldable();
  }

  @Test
  void copyIsCounted() {
    shop.run("COPY item (id, job) FROM PROGRAM 'printf \"7001,1\\\\n7002,\\\\n\"' (FORMAT csv)");

    shop.assertExactAndFoldable();
    assertThat(shop.count("SELECT sum(n) FROM item_counts WHERE job IS NULL")).isPositive();
  }

  @Test
  void aCascadeIsCounted() {
    shop.run("CREATE TABLE job (id bigint PRIMARY KEY)");
    shop.run("INSERT INTO job SELECT generate_series(0, 10)");
    shop.run(
        "ALTER TABLE item ADD FOREIGN KEY (job) REFERENCES job ON DELETE CASCADE ON UPDATE CASCADE");

    shop.run("DELETE FROM job WHERE id IN (1, 2)");
    shop.assertExactAndFoldable();
    shop.run("UPDATE job SET id = 77 WHERE id = 3");
    shop.assertExactAndFoldable();

    assertThat(shop.count("SELECT count(*) FROM item_counts WHERE job IN (1, 2, 3)")).isZero();
  }

  @Test
  void rowsAreCountedAsATriggerOfTheUserLeavesThem() {
    shop.run(
        "CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " NEW.status := 'tidy'; IF NEW.id % 2 = 0 THEN RETURN NULL; END IF; RETURN NEW; END $$");
    shop.run(
        "CREATE TRIGGER tidy BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION tidy()");

    shop.run("INSERT INTO item (id, job) SELECT g, 1 FROM generate_series(800, 900) g");
    shop.run("UPDATE item SET job = 2 WHERE id < 100");

    shop.assertExactAndFoldable();
  }

  @Test
  void theWritersOwnTransactionSeesItsOwnWritesAndRollsThemBack() throws Exception {
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE item SET job = 4 WHERE id < 100");
      assertThat(Shop.differences(connection)).isZero();
      Savepoint savepoint = connection.setSavepoint();
      statement.execute("DELETE FROM item WHERE id > 200");
      assertThat(Shop.differences(connection)).isZero();
      connection.rollback(savepoint);
      assertThat(Shop.differences(connection)).isZero();
      shop.assertExact();
      statement.execute("TRUNCATE item");
      statement.execute("INSERT INTO item (id, job) VALUES (1, 1)");
      assertThat(Shop.differences(connection)).isZero();
      connection.rollback();
    }
    shop.assertExactAndFoldable();
    assertThat(shop.count("SELECT sum(n) FROM item_counts")).isEqualTo(273);
  }

  @Test
  void aTransactionThatIsOpenDuringManyFoldsIsCountedOnceWhenItCommits() throws Exception {
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE item SET job = 4 WHERE id < 100");
      for (int i = 0; i < 5; i++) {
        shop.run("UPDATE item SET status = 'x' WHERE id = " + (200 + i));
        shop.ledger().fold(Shop.VIEW);
        shop.assertExact();
      }
      shop.ledger().resync(Shop.VIEW);
      shop.assertExact();
      connection.commit();
    }
    shop.assertExactAndFoldable();
  }

  @Test
  void aPreparedTransactionIsCountedWhenItIsCommitted() throws Exception {
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("DELETE FROM item WHERE id < 100");
      statement.execute("PREPARE TRANSACTION 'one_" + version + "'");
      connection.setAutoCommit(true);
      shop.assertExactAndFoldable();
      shop.ledger().resync(Shop.VIEW);
      shop.assertExact();
      statement.execute("COMMIT PREPARED 'one_" + version + "'");
    }
    shop.assertExactAndFoldable();
  }

  @Test
  void writersOfEveryIsolationLevelPassEachOther() throws Exception {
    try (Connection one = shop.connection();
        Connection two = shop.connection();
        Statement first = one.createStatement();
        Statement second = two.createStatement()) {
      first.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      second.execute("BEGIN ISOLATION LEVEL SERIALIZABLE");
      first.execute("UPDATE item SET size = size + 1 WHERE id = 1");
      second.execute("UPDATE item SET size = size + 1 WHERE id = 6");
      shop.run("UPDATE item SET size = size + 1 WHERE id = 11");
      shop.ledger().fold(Shop.VIEW);
      first.execute("UPDATE item SET size = size + 1 WHERE id = 16");
      assertThat(Shop.differences(one)).isZero();
      second.execute("COMMIT");
      first.execute("COMMIT");
    }
    shop.assertExactAndFoldable();
  }

  @Test
  void aTruncateWithAnOlderSnapshotIsLabelledAndMadeGood() throws Exception {
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      statement.execute("SELECT count(*) FROM pg_class");
      shop.run("INSERT INTO item (id, job) VALUES (9001, 9)");
      statement.execute("TRUNCATE item");
      statement.execute("COMMIT");
    }

    assertThat(shop.differences()).isPositive();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isFalse();
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void replicaSessionsAreCounted() {
    shop.jdbi()
        .useHandle(handle -> {
          handle.execute("SET session_replication_role = replica");
          handle.execute("UPDATE item SET job = 4 WHERE id < 100");
          handle.execute("RESET session_replication_role");
        });

    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @Test
  void aUserWithoutAnyRightOnTheLedgerMayWrite() {
    shop.run("DROP ROLE IF EXISTS clerk");
    shop.run("CREATE ROLE clerk");
    shop.run("GRANT USAGE ON SCHEMA play TO clerk");
    shop.run("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON item TO clerk");
    shop.jdbi()
        .useTransaction(handle -> {
          handle.execute("SET LOCAL ROLE clerk");
          handle.execute("SET LOCAL search_path = pg_temp, play");
          handle.execute("UPDATE item SET job = 4 WHERE id < 100");
          handle.execute("DELETE FROM item WHERE id > 250");
        });

    shop.assertExactAndFoldable();
    shop.run("DROP OWNED BY clerk");
    shop.run("DROP ROLE clerk");
  }

  @Test
  void aGroupThatIsGoneIsNotShownAndItsNumberOfChangesNeverGoesBack() {
    String changes =
        "SELECT coalesce(max(changes), 0) FROM carillon_item_counts_p1_live WHERE k1 = 77";
    long last = 0;
    for (int i = 0; i < 3; i++) {
      shop.run("INSERT INTO item (id, job) VALUES (9001, 77)");
      shop.ledger().fold(Shop.VIEW);
      assertThat(shop.count(changes)).isGreaterThan(last);
      last = shop.count(changes);
      shop.run("DELETE FROM item WHERE id = 9001");
      assertThat(shop.count("SELECT count(*) FROM item_counts WHERE job = 77")).isZero();
      shop.ledger().resync(Shop.VIEW);
    }
  }

  @Test
  void aSumThatMetNotANumberIsLabelledAndMadeGood() {
    shop.run("UPDATE item SET amount = 'NaN' WHERE id = 6");
    shop.assertExact();
    shop.run("UPDATE item SET amount = 1 WHERE id = 6");
    shop.ledger().fold(Shop.VIEW);

    assertThat(shop.differences()).isPositive();
    assertThat(shop.ledger().state(Shop.VIEW).reason()).contains("NaN");
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
    shop.assertExactAndFoldable();
  }
}
