package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.upkeep.Round;
import dev.carillon.view.upkeep.Tending;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class ViewsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final ViewName NAME = new ViewName("sales");
  private static final String QUERY =
      "SELECT shop, count(*) AS orders, sum(amount) AS amount FROM orders GROUP BY shop";

  private final Database database;
  private final FullRefresh full;
  private final Ledger ledger;
  private final Tending tending;
  private final Views views;

  ViewsTest(PostgresVersion version) {
    this.database = version.migrated();
    this.full = new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, new Random(1));
    this.ledger = new Ledger(database.jdbi());
    this.tending = new Tending(database.jdbi(), List.of(ledger), new Random(1));
    this.views = new Views(database.jdbi(), tending, full);
    execute("CREATE TABLE orders (shop text, amount bigint, note text)");
    execute("INSERT INTO orders VALUES ('a', 1, 'x:y ?'), ('a', 2, NULL), ('b', 5, NULL)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aMaterializedViewIsEmptyUntilItIsRefreshed() {
    assertThat(views.make(Wanted.of(NAME, QUERY, false), NOW)).isInstanceOf(Made.Done.class);
    assertThat(views.find(NAME).orElseThrow().freshness()).isNull();

    assertThat(views.refresh(NAME, PastRefresh.Cause.MANUAL))
        .isInstanceOf(RefreshOutcome.Refreshed.class);

    Standing standing = views.find(NAME).orElseThrow();
    assertThat(standing.view().tier()).isEqualTo(Tier.FULL);
    assertThat(standing.freshness()).isNotNull();
    assertThat(rows(List.of()))
        .containsExactly(
            "{\"shop\": \"a\", \"amount\": 3, \"orders\": 2}",
            "{\"shop\": \"b\", \"amount\": 5, \"orders\": 1}");
  }

  @Test
  void anIncrementalViewIsExactAtOnce() {
    assertThat(views.make(Wanted.of(NAME, QUERY, true), NOW)).isInstanceOf(Made.Done.class);
    execute("INSERT INTO orders VALUES ('b', 7, NULL)");

    Standing standing = views.find(NAME).orElseThrow();
    Freshness freshness = requireNonNull(standing.freshness());
    assertThat(standing.view().tier()).isEqualTo(Tier.LEDGER);
    assertThat(freshness.exact()).isTrue();
    assertThat(freshness.lag()).isZero();
    assertThat(rows(List.of(new RowQuery.Filter("shop", RowQuery.Comparison.EQ, "b"))))
        .containsExactly("{\"shop\": \"b\", \"amount\": 12, \"orders\": 2}");
    assertThat(views.refresh(NAME, PastRefresh.Cause.MANUAL))
        .isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(ledger.state(NAME).pending()).isZero();
  }

  @Test
  void theUpkeepFoldsAndProves() {
    views.make(Wanted.of(NAME, QUERY, true), NOW);
    execute("INSERT INTO orders SELECT 'c', n, NULL FROM generate_series(1, 100) AS n");
    Round round = new Round(database.jdbi(), tending, full);

    round.run(NOW);

    assertThat(ledger.state(NAME).pending()).isZero();
    assertThat(views.find(NAME).orElseThrow().state().provenAt()).isNotNull();
    execute("ALTER TABLE orders DISABLE TRIGGER USER");
    execute("DELETE FROM orders WHERE shop = 'c'");
    execute("ALTER TABLE orders ENABLE TRIGGER USER");
    round.run(NOW);
    assertThat(views.find(NAME).orElseThrow().state().exact()).isTrue();
    assertThat(rows(List.of())).hasSize(2);
    round.audit();
    assertThat(round.mismatches()).isZero();
  }

  @Test
  void aViewThatIsThereIsRegisteredAsItIs() {
    execute("CREATE MATERIALIZED VIEW sales AS " + QUERY);
    Wanted adopted =
        new Wanted(NAME, null, Wanted.WHOLE, List.of(), usual().interval(), usual().objective());

    assertThat(views.make(adopted, NOW)).isInstanceOf(Made.Done.class);
    assertThat(views.make(adopted, NOW)).isInstanceOf(Made.NameTaken.class);
    assertThat(views.drop(NAME)).isTrue();
    assertThat(views.drop(NAME)).isFalse();
    assertThat(views.make(adopted, NOW)).isInstanceOf(Made.Rejected.class);
  }

  @Test
  void aColonOrAQuestionMarkInAQueryIsNoParameter() {
    Wanted wanted =
        Wanted.of(NAME, "SELECT shop FROM orders WHERE note = 'x:y ?' OR note = ':z'", false);

    assertThat(views.make(wanted, NOW)).isInstanceOf(Made.Done.class);
  }

  @Test
  void aCommentAtTheEndOfAQueryHidesNothingOfWhatFollows() {
    assertThat(views.make(Wanted.of(NAME, QUERY + " -- of each shop", false), NOW))
        .isInstanceOf(Made.Done.class);
    assertThat(views.find(NAME).orElseThrow().freshness()).isNull();
    assertThat(populated()).isFalse();
    assertThat(views.drop(NAME)).isTrue();

    assertThat(views.make(Wanted.of(NAME, QUERY + " -- of each shop", true), NOW))
        .isInstanceOf(Made.Done.class);
    assertThat(rows(List.of())).hasSize(2);
  }

  @Test
  void columnsThatAreCalledLikeKeyWordsAreKept() {
    execute("CREATE TABLE odd (\"group\" text, \"order\" bigint, \"true\" boolean, age int)");
    execute("INSERT INTO odd VALUES ('a', 1, true, 1), ('a', 2, false, 1), ('b', 3, true, 2)");
    String query =
        "SELECT \"group\" AS shop, \"true\", age, sum(\"order\") AS n FROM odd WHERE \"order\" > 0 GROUP BY \"group\", \"true\", age";

    assertThat(views.make(Wanted.of(NAME, query, true), NOW)).isInstanceOf(Made.Done.class);
    execute("UPDATE odd SET \"order\" = 7 WHERE \"group\" = 'b'");
    assertThat(rows(List.of(new RowQuery.Filter("shop", RowQuery.Comparison.EQ, "b"))))
        .containsExactly("{\"n\": 7, \"age\": 2, \"shop\": \"b\", \"true\": true}");
  }

  @Test
  void whatCannotBeKeptIsRefusedWithTheReason() {
    assertThat(
            views.make(
                Wanted.of(NAME, "SELECT shop, max(amount) FROM orders GROUP BY shop", true), NOW))
        .isInstanceOfSatisfying(
            Made.Refused.class, refused -> assertThat(refused.obstacles()).isNotEmpty());
    assertThat(views.make(Wanted.of(NAME, "SELECT FROM WHERE", false), NOW))
        .isInstanceOf(Made.Invalid.class);
    assertThat(views.make(Wanted.of(NAME, "SELECT nobody FROM orders", false), NOW))
        .isInstanceOf(Made.Rejected.class);
    assertThat(views.make(Wanted.of(NAME, QUERY + "; DROP TABLE orders", false), NOW))
        .isInstanceOf(Made.Invalid.class);
    assertThat(views.explain(QUERY, List.of()))
        .isInstanceOfSatisfying(
            Explained.Possible.class,
            possible -> assertThat(possible.tier()).isEqualTo(Tier.LEDGER));
  }

  @Test
  void whatOthersAreMadeOfIsNotDropped() {
    views.make(Wanted.of(NAME, QUERY, true), NOW);
    execute("CREATE VIEW of_sales AS SELECT * FROM sales");

    assertThatThrownBy(() -> views.drop(NAME))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of_sales");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "shop\" = 'a' OR \"shop", "1; DROP TABLE orders"})
  void aColumnThatIsNotThereIsToldOf(String column) {
    views.make(Wanted.of(NAME, QUERY, true), NOW);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows(List.of(new RowQuery.Filter(column, RowQuery.Comparison.EQ, "x"))))
        .withMessageContaining("there is no column");
  }

  @Test
  void aValueOfAnotherTypeIsToldOf() {
    views.make(Wanted.of(NAME, QUERY, true), NOW);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows(List.of(new RowQuery.Filter("orders", RowQuery.Comparison.GT, "x"))))
        .withMessageContaining("none of its column's type");
  }

  private boolean populated() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT relispopulated FROM pg_class WHERE relname = 'sales'")
                .mapTo(Boolean.class)
                .one());
  }

  private static Wanted usual() {
    return Wanted.of(NAME, QUERY, false);
  }

  private List<String> rows(List<RowQuery.Filter> filters) {
    return new RowReader(database.jdbi())
        .read(NAME, new RowQuery(filters, List.of(new RowQuery.Sort("shop", false)), 100, 0))
        .rows();
  }

  private void execute(String sql) {
    database.jdbi().useHandle(handle -> RawSql.execute(handle, sql));
  }
}
