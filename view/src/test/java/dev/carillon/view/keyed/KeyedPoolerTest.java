package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.TransactionPooler;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A view that is kept by its keys needs nothing of a session. */
class KeyedPoolerTest {

  @ParameterizedTest
  @EnumSource(PostgresVersion.class)
  void itsWholeLifeRunsThroughAPoolerInTransactionMode(PostgresVersion version) throws Exception {
    Yard yard = Yard.withoutViews(version.migratedUrl());
    yard.fill();
    // A pooler gives its clients the database's own settings.
    yard.run(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = play, public', current_database()); END $$");
    try (TransactionPooler pooler =
        new TransactionPooler(yard.url().replaceFirst("[&?]currentSchema=.*", ""))) {
      Keyed keyed = new Keyed(pooler.jdbi(), Yard.LIMITS);
      assertThat(keyed.obstacles(Yard.query(Yard.GROUPS_QUERY), List.of())).isEmpty();
      keyed.create(Yard.JOBS, Yard.query(Yard.JOBS_QUERY), List.of());
      keyed.create(Yard.GROUPS, Yard.query(Yard.GROUPS_QUERY), List.of());
      yard.run("DELETE FROM item WHERE id % 3 = 0");
      assertThat(keyed.work(Yard.JOBS).rows()).isPositive();
      assertThat(keyed.work(Yard.GROUPS).rows()).isPositive();
      yard.run("DROP TRIGGER carillon_item_groups_k1_delete ON item");
      yard.run("DELETE FROM item WHERE id % 5 = 0");
      assertThat(keyed.audit(Yard.GROUPS).mismatches()).isPositive();
      assertThat(keyed.coverage(Yard.GROUPS).resynced()).isTrue();
      keyed.resync(Yard.JOBS);
      yard.run("TRUNCATE note");
      keyed.work(Yard.JOBS);
      assertThat(keyed.state(Yard.JOBS).exact()).isTrue();
      yard.assertKept();
      keyed.drop(Yard.JOBS);
      keyed.drop(Yard.GROUPS);
      assertThat(yard.count("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'"))
          .isZero();
      assertThat(pooler.wiped()).isGreaterThan(50);
    }
    yard.close();
  }
}
