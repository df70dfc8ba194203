package dev.carillon.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.server.refresh.Refreshing;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.view.Viewing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class HealthTest {

  @Test
  void anOutageIsExaminedOnceForAllWhoWaited() throws IOException {
    try (Database database = Database.open(Database.Address.of(nobody()));
        Viewing viewing = new Viewing(database, InstantSource.system(), new SimpleMeterRegistry());
        Health health =
            new Health(database, InstantSource.system(), () -> 0, none(database), viewing)) {
      HealthReport first = health.report();

      assertThat(first.status()).isEqualTo(HealthReport.UNHEALTHY);
      assertThat(health.report()).isSameAs(first);
    }
  }

  private static Refreshing none(Database database) {
    return Refreshing.of(
        new Settings.Refresh(null, null, "inbox"),
        database,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "jdbc:postgresql://127.0.0.1:%d/none".formatted(socket.getLocalPort());
    }
  }
}
