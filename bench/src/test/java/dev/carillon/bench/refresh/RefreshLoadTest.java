package dev.carillon.bench.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.bench.database.BenchServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshLoadTest {

  @Test
  void bothStoresAreMeasuredWithFewAndWithMany() throws InterruptedException {
    RefreshLoad.Sizes sizes = new RefreshLoad.Sizes(4_000, 200, 20, Duration.ofSeconds(4));
    try (BenchServer server = BenchServer.start(false)) {
      RefreshReport report = new RefreshLoad(server, sizes, _ -> {}).run();

      assertThat(report.stores())
          .hasSize(2)
          .allSatisfy(store -> {
            assertThat(store.rates()).allSatisfy(rate -> assertThat(rate.perSecond()).isPositive());
            assertThat(store.none()).hasSameSizeAs(store.many());
            assertThat(store.need().calls()).isPositive();
          });
      assertThat(report.stores().getFirst().many().getFirst().server()).isNotNull();
      assertThat(report.text()).contains("add 1,000 that wait", "The API saw: calls=");
    }
  }
}
