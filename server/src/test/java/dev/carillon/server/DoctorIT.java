package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DoctorIT {

  @Test
  void adviceIsGroupedBySeverityWithTheSqlToRun() throws Exception {
    try (EmbeddedDatabase postgres = EmbeddedDatabase.forTests();
        Database database = Database.open(Database.Address.of(postgres.create("ill")))) {
      Map<String, String> there = Map.of("DATABASE_URL", postgres.jdbcUrl("ill"));
      CommandRun well = CommandRun.of(there, "doctor");
      run(database, "CREATE TABLE orders (id integer PRIMARY KEY, customer integer)");
      run(database, "INSERT INTO orders SELECT n, n % 10 FROM generate_series(1, 100) n");
      run(database, "CREATE INDEX orders_once ON orders (customer)");
      run(database, "CREATE INDEX orders_twice ON orders (customer)");
      CommandRun warned = CommandRun.of(there, "doctor");
      run(database, "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM orders");
      CommandRun ill = CommandRun.of(there, "doctor", "--json");

      assertThat(well.exit()).as(well.out() + well.err()).isZero();
      assertThat(well.out()).doesNotContain("PROBLEM", "WARNING").contains("OK", "0 problem, 0");
      assertThat(warned.exit()).as(warned.out() + warned.err()).isEqualTo(1);
      assertThat(warned.out())
          .startsWith("WARNING")
          .contains("duplicate-indexes: ", "DROP INDEX CONCURRENTLY IF EXISTS public.orders_");
      assertThat(ill.exit()).as(ill.out() + ill.err()).isEqualTo(2);
      JsonNode json = new ObjectMapper().readTree(ill.out());
      assertThat(json.path("severity").asText()).isEqualTo("problem");
      assertThat(json.path("advice").valueStream())
          .anySatisfy(one -> {
            assertThat(one.path("check").asText()).isEqualTo("materialized-views");
            assertThat(one.path("severity").asText()).isEqualTo("problem");
            assertThat(one.path("remedies").path(0).path("kind").asText()).isEqualTo("sql");
            assertThat(one.path("remedies").path(0).path("text").asText()).contains("totals");
          });
    }
  }

  private static void run(Database database, String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }
}
