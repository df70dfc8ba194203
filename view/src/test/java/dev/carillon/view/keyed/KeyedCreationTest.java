package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.definition.Obstacle;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What can be made is made and leaves nothing when it is dropped; what cannot is refused in words.
 */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedCreationTest {

  private static final ViewName VIEW = new ViewName("made");
  private static final String OBJECTS =
      "SELECT count(*) FROM (SELECT relname FROM pg_class WHERE relname ~ '^carillon_(made|check)'"
          + " UNION ALL SELECT proname FROM pg_proc WHERE proname ~ '^carillon_(made|check)'"
          + " UNION ALL SELECT tgname FROM pg_trigger WHERE tgname ~ '^carillon_(made|check)'"
          + " UNION ALL SELECT view_name FROM keyed_view"
          + " UNION ALL SELECT relname FROM pg_class WHERE relname = 'made') AS objects";

  private final Yard yard;
  private final Keyed strict;

  KeyedCreationTest(PostgresVersion version) {
    yard = Yard.withoutViews(version);
    yard.fill();
    strict = new Keyed(yard.jdbi(), new KeyedLimits(Duration.ofMillis(50), 2, 50, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT job, min(amount) FROM item GROUP BY job",
        "SELECT j.id, max(i.at) FROM job j JOIN item i ON i.job = j.id GROUP BY j.id",
        "SELECT j.id, l.m FROM job j LEFT JOIN (SELECT job, max(at) m FROM item GROUP BY job) l ON l.job = j.id",
        "WITH l AS (SELECT job, max(at) m FROM item GROUP BY job) SELECT j.id, l.m FROM job j LEFT JOIN l ON l.job = j.id",
        "SELECT j.id, l.m FROM job j, LATERAL (SELECT max(at) m FROM item i WHERE i.job = j.id) l",
        "SELECT j.id, count(DISTINCT i.status) AS a, count(DISTINCT n.id) AS b FROM job j LEFT JOIN item i ON i.job = j.id LEFT JOIN note n ON n.job = j.id GROUP BY j.id",
        "SELECT j.id FROM job j WHERE EXISTS (SELECT 1 FROM item i WHERE i.job = j.id)",
        "SELECT DISTINCT ON (job) job, id, amount FROM item ORDER BY job, amount DESC NULLS LAST, id",
        "SELECT job, rank() OVER (PARTITION BY job ORDER BY amount, id) AS r, id FROM item",
      })
  void aQueryThatAnIndexServesIsKept(String sql) {
    List<String> key = sql.contains("rank()") ? List.of("job", "id") : List.of();

    assertThat(strict.obstacles(Yard.query(sql), key)).isEmpty();
    strict.create(VIEW, Yard.query(sql), key);
    yard.run("UPDATE item SET job = job + 1, amount = amount - 3 WHERE id % 3 = 0");
    yard.run("DELETE FROM job WHERE id < 3");
    while (strict.work(VIEW).full()) {
      assertThat(strict.audit(VIEW).mismatches()).isZero();
    }

    assertThat(yard.differences(sql, VIEW)).isZero();
    strict.drop(VIEW);
    assertThat(yard.count(OBJECTS)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT status, min(amount) FROM item GROUP BY status | item whole for each key | CREATE INDEX",
        "WITH l AS MATERIALIZED (SELECT job, max(at) m FROM item GROUP BY job) SELECT j.id, l.m FROM job j LEFT JOIN l ON l.job = j.id | item whole | MATERIALIZED",
        "SELECT job, min(nothing) FROM item GROUP BY job | nothing | Correct",
        "SELECT job, min(id) FROM jobs_seen GROUP BY job | not a lasting table | its rows",
        "SELECT relkind, max(oid) FROM pg_class GROUP BY relkind | not a lasting table | its rows",
        "SELECT n.job, max(j.name) FROM note n JOIN job j ON j.id = n.job GROUP BY n.job | type int8 | same",
        "SELECT date_trunc('day', at) AS day, max(id) FROM item GROUP BY day | row alone | immutable",
        "SELECT job, max(lastly(id)) FROM item GROUP BY job | lastly | immutable",
        "SELECT job, max(pg_size_pretty(id)), txid_status(max(id)) FROM item GROUP BY job | txid_status | immutable",
        "SELECT lower(status) AS status, min(id) FROM item GROUP BY status | may mean the column | expression",
        "SELECT i.\"job\", min(id) AS a, min(id) AS a FROM item i GROUP BY job | more than once | Correct",
      })
  void theDatabasesReasonAndWhatToChangeAreNamed(String sql, String reason, String hint) {
    yard.run("CREATE VIEW jobs_seen AS SELECT * FROM item");
    yard.run("CREATE FUNCTION lastly(bigint) RETURNS bigint STABLE LANGUAGE sql AS 'SELECT $1'");

    List<Obstacle> obstacles = strict.obstacles(Yard.query(sql), List.of());

    assertThat(obstacles)
        .anySatisfy(obstacle -> {
          assertThat(obstacle.reason()).contains(reason);
          assertThat(obstacle.hint()).contains(hint);
        });
    assertThatThrownBy(() -> strict.create(VIEW, Yard.query(sql), List.of()))
        .isInstanceOf(KeyedRefused.class)
        .hasMessageContaining(reason);
    assertThat(yard.count(OBJECTS)).isZero();
  }

  @Test
  void aKeyThatIsNotUniqueIsRefusedAndLeavesNothing() {
    assertThatThrownBy(() ->
            yard.keyed().create(VIEW, Yard.query("SELECT i.job, i.id FROM item i"), List.of("job")))
        .isInstanceOf(KeyedRefused.class)
        .hasMessageContaining("same key");
    assertThat(yard.count(OBJECTS)).isZero();
  }

  @Test
  void aKeyThatIsNoLongerUniqueLabelsTheViewUntilItIsAgain() {
    yard.run("DELETE FROM item WHERE id > 5");
    yard.keyed().create(VIEW, Yard.query("SELECT i.job, i.id FROM item i"), List.of("job"));
    yard.run("INSERT INTO item (id, job) VALUES (100, 2)");

    assertThatThrownBy(() -> yard.keyed().work(VIEW)).hasMessageContaining("same key [job]");
    assertThat(yard.keyed().state(VIEW).reason()).contains("same key");

    yard.run("UPDATE item SET job = 200 WHERE id = 100");
    assertThat(yard.keyed().coverage(VIEW).exact()).isTrue();
    assertThat(yard.differences("SELECT i.job, i.id FROM item i", VIEW)).isZero();
  }

  @Test
  void smallTablesMayBeReadWhole() {
    assertThat(
            yard.keyed()
                .obstacles(
                    Yard.query("SELECT status, min(amount) FROM item GROUP BY status"), List.of()))
        .isEmpty();
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    assertThatThrownBy(() ->
            strict.create(
                new ViewName("note"),
                Yard.query("SELECT job, min(at) FROM item GROUP BY job"),
                List.of()))
        .isInstanceOf(KeyedRefused.class)
        .hasMessageContaining("already");
  }

  @Test
  void aViewThatCouldNotLockItsTableIsFinishedByTheNextTry() throws Exception {
    String sql = "SELECT job, min(at) FROM item GROUP BY job";
    try (Connection connection = yard.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE item SET amount = 5 WHERE id = 1");
      assertThatThrownBy(() -> strict.create(VIEW, Yard.query(sql), List.of()))
          .isInstanceOf(CaptureBusy.class);
      assertThat(strict.state(VIEW).exact()).isFalse();
      connection.commit();
    }
    assertThatThrownBy(() -> strict.create(VIEW, Yard.query(sql + ", status"), List.of("job")))
        .isInstanceOf(KeyedRefused.class)
        .hasMessageContaining("another query");
    strict.create(VIEW, Yard.query(sql), List.of());

    assertThat(strict.state(VIEW).exact()).isTrue();
    assertThat(yard.differences(sql, VIEW)).isZero();
  }

  @Test
  void aViewThatOthersReadIsNotDropped() {
    strict.create(VIEW, Yard.query("SELECT job, min(at) FROM item GROUP BY job"), List.of());
    yard.run("CREATE VIEW reader AS SELECT * FROM made");

    assertThatThrownBy(() -> strict.drop(VIEW)).hasMessageContaining("reader");

    yard.run("INSERT INTO item (id, job) VALUES (5000, 44)");
    strict.work(VIEW);
    assertThat(yard.count("SELECT count(*) FROM made WHERE job = 44")).isEqualTo(1);
  }
}
