package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A name that a capture uses may be changed: it is noticed at once, and one look mends it. */
@ParameterizedClass
@EnumSource(Version.class)
class RenameTest {

  private static final ViewName MOODS = new ViewName("moods");

  private final Shop shop;

  RenameTest(Version version) {
    shop = Shop.partitioned(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
  }

  @Test
  void aColumnThatIsRenamedHoldsWritersUpUntilTheNextLookOnly() {
    shop.run("ALTER TABLE item RENAME COLUMN size TO weight");
    assertThatThrownBy(() -> shop.run("INSERT INTO item (id, job) VALUES (501, 1)"))
        .hasMessageContaining("size");

    assertMended(Shop.VIEW);

    shop.run("INSERT INTO item (id, job, weight) VALUES (501, 1, 7)");
    shop.run("UPDATE item SET weight = weight + 1 WHERE id % 2 = 0");
    shop.run("DELETE FROM item WHERE id % 3 = 0");
    assertSound(Shop.VIEW);
  }

  @Test
  void anotherColumnOfTheOldNameIsNotTakenForIt() {
    shop.run("ALTER TABLE item RENAME COLUMN status TO state");
    shop.run("ALTER TABLE item RENAME COLUMN note TO status");
    shop.run("INSERT INTO item (id, job, state, status) VALUES (501, 1, 'b', 'wrong')");

    assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isPositive();
    assertMended(Shop.VIEW);

    shop.run("UPDATE item SET state = 'c', status = 'wrong' WHERE id % 2 = 0");
    assertSound(Shop.VIEW);
    assertThat(shop.count("SELECT count(*) FROM item_counts WHERE status = 'wrong'")).isZero();
  }

  @Test
  void aWriterThatStillCountedTheOtherColumnIsWaitedFor() throws Exception {
    Ledger hasty = new Ledger(shop.jdbi(), Duration.ofMillis(50), 1);
    shop.run("ALTER TABLE item RENAME COLUMN status TO state");
    shop.run("ALTER TABLE item RENAME COLUMN note TO status");
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO item_1 (id, job, status) VALUES (501, 1, 'wrong')");
      assertThatThrownBy(() -> hasty.coverage(Shop.VIEW)).isInstanceOf(CaptureBusy.class);
      assertThatThrownBy(() -> hasty.coverage(Shop.VIEW)).isInstanceOf(CaptureBusy.class);
      assertThat(hasty.state(Shop.VIEW).exact()).isFalse();
      connection.commit();
    }

    assertMended(Shop.VIEW);
    assertSound(Shop.VIEW);
  }

  @Test
  void valuesTypesAndFunctionsMayBeRenamedToo() {
    shop.run("CREATE TYPE mood AS ENUM ('good', 'bad')");
    shop.run("CREATE FUNCTION half(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 / 2'");
    shop.run("CREATE TABLE feeling (id int, mood mood)");
    shop.ledger()
        .create(
            MOODS,
            Shop.query(
                "SELECT half(id) AS id, count(*) FILTER (WHERE mood = 'good') AS n FROM feeling GROUP BY half(id)"));
    shop.run("INSERT INTO feeling VALUES (1, 'good'), (2, 'bad')");

    for (String change :
        new String[] {
          "ALTER TYPE mood RENAME VALUE 'good' TO 'fine'",
          "ALTER TYPE mood RENAME TO temper",
          "ALTER FUNCTION half(int) RENAME TO halved",
          "ALTER FUNCTION halved(int) SET SCHEMA public",
        }) {
      shop.run(change);
      assertMended(MOODS);
      shop.run("INSERT INTO feeling VALUES (3, 'fine')".replace("fine", value()));
      assertSound(MOODS);
    }
    shop.ledger().drop(MOODS);
    shop.run("DROP FUNCTION public.halved(int)");
  }

  /**
   * What a function does when it is replaced is seen by the rows that come: all are counted anew.
   */
  @Test
  void aFunctionThatIsReplacedIsCountedWithAnew() {
    shop.run("CREATE FUNCTION half(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 / 2'");
    shop.run("CREATE TABLE feeling (id int)");
    shop.ledger()
        .create(
            MOODS,
            Shop.query("SELECT half(id) AS id, count(*) AS n FROM feeling GROUP BY half(id)"));
    shop.run("INSERT INTO feeling VALUES (1), (6)");

    shop.run(
        "CREATE OR REPLACE FUNCTION half(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 / 3'");

    assertMended(MOODS);
    assertSound(MOODS);
    assertThat(shop.count("SELECT n FROM moods WHERE id = 2")).isEqualTo(1);
  }

  @Test
  void aTableAndWhatIsNotCountedMayBeRenamedFreely() {
    shop.run("ALTER TABLE item RENAME COLUMN note TO remark");
    shop.run("ALTER TABLE item RENAME TO article");

    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
    shop.run("INSERT INTO article (id, job) VALUES (501, 1)");
    assertSound(Shop.VIEW);
  }

  private String value() {
    return shop.lines("SELECT enumlabel FROM pg_enum ORDER BY enumsortorder LIMIT 1").getFirst();
  }

  private void assertMended(ViewName view) {
    assertThat(shop.ledger().state(view).exact()).isFalse();
    assertThat(shop.ledger().state(view).reason()).contains("name");
    assertThat(shop.ledger().coverage(view).exact()).isTrue();
    assertThat(shop.ledger().state(view).exact()).isTrue();
  }

  private void assertSound(ViewName view) {
    assertThat(shop.ledger().audit(view).mismatches()).isZero();
    while (shop.ledger().fold(view).rows() > 0) {
      assertThat(shop.ledger().audit(view).mismatches()).isZero();
    }
    assertThat(shop.ledger().state(view).exact()).isTrue();
  }
}
