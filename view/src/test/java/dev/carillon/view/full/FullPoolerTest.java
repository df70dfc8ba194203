package dev.carillon.view.full;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.TransactionPooler;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RegisteredView;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A refresh needs nothing of a session. */
class FullPoolerTest {

  private static final ViewName VIEW = new ViewName("sales");

  @ParameterizedTest
  @EnumSource(PostgresVersion.class)
  void refreshesRunThroughAPoolerInTransactionMode(PostgresVersion version) throws Exception {
    String url = version.migratedUrl();
    try (Database database = Database.open(Database.Address.of(url));
        TransactionPooler pooler = new TransactionPooler(url)) {
      database
          .jdbi()
          .useHandle(handle -> {
            handle.execute("CREATE TABLE sale (shop text, amount bigint)");
            handle.execute("INSERT INTO sale VALUES ('north', 10), ('south', 5)");
            handle.execute(
                "CREATE MATERIALIZED VIEW sales AS SELECT shop, sum(amount) AS total FROM sale GROUP BY shop WITH NO DATA");
            handle.execute("CREATE UNIQUE INDEX ON sales (shop)");
            Catalog.insert(
                handle,
                new RegisteredView(
                    VIEW,
                    Tier.FULL,
                    "SELECT 1",
                    List.of(),
                    RegisteredView.DEFAULT_INTERVAL,
                    RegisteredView.DEFAULT_OBJECTIVE,
                    Instant.EPOCH));
          });
      FullRefresh refresh = new FullRefresh(pooler.jdbi(), RefreshLimits.DEFAULT, new Random(7));

      for (boolean concurrently : List.of(false, true)) {
        assertThat(refresh.refresh(VIEW, PastRefresh.Cause.MANUAL))
            .isInstanceOfSatisfying(
                RefreshOutcome.Refreshed.class,
                done -> assertThat(done.report().concurrently()).isEqualTo(concurrently));
      }
      database.jdbi().useHandle(handle -> handle.execute("DROP MATERIALIZED VIEW sales"));
      assertThat(refresh.refresh(VIEW, PastRefresh.Cause.SCHEDULE))
          .isInstanceOf(RefreshOutcome.Impossible.class);
      assertThat(pooler.wiped()).isGreaterThan(8);
      try (var session = pooler.openConnection();
          var statement = session.createStatement();
          var rows = statement.executeQuery("SHOW lock_timeout")) {
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("0");
      }
    }
  }
}
