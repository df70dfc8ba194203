package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Events;
import java.time.Instant;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** A deployment of the engine alone becomes one with users, without losing what it holds. */
class UpgradeTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void theTablesOfTheVersionBeforeAreUpgradedInPlace() {
    try (EmbeddedDatabase server = EmbeddedDatabase.forTests();
        Database database = Database.open(Database.Address.of(server.create("upgrade")))) {
      migrateTo("1", database);
      PostgresEventStore store = new PostgresEventStore(database.jdbi());
      var event = Events.dueAt(NOW);
      store.plan(List.of(event));

      assertThat(database.migrate()).isPositive();

      assertThat(store.find(event.id())).isPresent();
      Users users =
          new Users(database.jdbi(), List.of(People.BIRTHDAY), new SettableClock(NOW), _ -> {});
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));
      assertThat(users.find(user.id())).contains(user);
    }
  }

  private static void migrateTo(String version, Database database) {
    Flyway.configure()
        .dataSource(database.dataSource())
        .locations("classpath:db/migration")
        .table(Database.MIGRATION_TABLE)
        .target(version)
        .load()
        .migrate();
  }
}
