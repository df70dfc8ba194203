package dev.carillon.server.performing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.EventOperations;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class PerformingTest {

  private static final ConnectionFactory NO_DATABASE =
      () -> {
        throw new SQLException("there is none");
      };

  @Test
  void beforeItsStartAndAfterItsStopItKnowsOfNoTargetsNorTrouble() {
    Performing performing =
        new Performing(
            List.of(),
            new EventOperations(Jdbi.create(NO_DATABASE)),
            InstantSource.system(),
            Duration.ofSeconds(1));

    assertThat(performing.scheduleTargets()).isEmpty();
    performing.close();
    assertThat(performing.scheduleTargets()).isEmpty();
    assertThat(performing.deliveries()).isEmpty();
  }
}
