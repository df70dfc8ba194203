package dev.carillon.server.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ViewDemoTest {

  @Test
  void aSmallDemoFindsNothingOff() throws InterruptedException {
    List<String> said = new CopyOnWriteArrayList<>();
    try (EmbeddedDatabase server = EmbeddedDatabase.forTests();
        Database database = Database.open(Database.Address.of(server.create("demo")))) {
      database.migrate();
      ViewDemo.Size size = new ViewDemo.Size(3, 3_000, Duration.ofSeconds(3));

      ViewDemoReport report = new ViewDemo(database, size, said::add).run(InstantSource.system());

      assertThat(report.flaws()).isEmpty();
      assertThat(report.compared()).isPositive();
      assertThat(report.ledger().count()).isPositive();
      assertThat(said).first().asString().isEqualTo("making 3 jobs with 3,000 objects in all");
    }
  }
}
