package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.store.EventStore;
import dev.carillon.testkit.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationTest {

  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");

  private final Database database = TestDatabases.empty(TestDatabases.newestServer());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void migratingTwiceAppliesEachMigrationOnce() {
    assertThat(database.migrate()).isPositive();
    assertThat(database.migrate()).isZero();
  }

  @Test
  void manyProcessesMayMigrateAtOnce() throws Exception {
    List<Future<Integer>> all = new ArrayList<>();
    int applied = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(database::migrate));
      }
      for (Future<Integer> one : all) {
        applied += one.get() > 0 ? 1 : 0;
      }
    }

    assertThat(applied).isEqualTo(1);
  }

  @Test
  void aFailedMigrationLeavesTheOldVersionWorking() {
    database.migrate();
    EventStore store = new PostgresEventStore(database.jdbi());

    assertThatThrownBy(this::migrateToABrokenVersion).isInstanceOf(FlywayException.class);

    assertThat(database.migrate()).isZero();
    assertThat(store.plan(List.of(Events.dueAt(NOW)))).isEqualTo(1);
    assertThat(tableExists("half_made")).isFalse();
  }

  @Test
  void otherTablesOfTheTeamsDatabaseStayAsTheyAre() {
    database.jdbi().useHandle(handle -> handle.execute("CREATE TABLE orders (id int)"));

    database.migrate();

    assertThat(tableExists("orders")).isTrue();
    assertThat(tableExists("event")).isTrue();
  }

  /** The migrations of this version, and one more that fails half-way. */
  private void migrateToABrokenVersion() {
    Flyway.configure()
        .dataSource(database.dataSource())
        .locations("classpath:db/migration", "classpath:broken-migration")
        .table(Database.MIGRATION_TABLE)
        .load()
        .migrate();
  }

  private boolean tableExists(String table) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT to_regclass(:table) IS NOT NULL")
                .bind("table", table)
                .mapTo(Boolean.class)
                .one());
  }
}
