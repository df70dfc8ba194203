package dev.carillon.bench.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.rate.RateLoad.Limiter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateTest {

  @Test
  void aFullBucketLetsMoreThanTheLimitThroughAndIsSeen() throws InterruptedException {
    try (BenchServer server = BenchServer.start(false)) {
      Rate rate = new Rate(server, Duration.ofSeconds(1), _ -> {});
      RateRun bucket = rate.once(new RateLoad(Limiter.BUCKET_30, 1));
      RateRun drain = rate.once(new RateLoad(Limiter.POSTGRES, 1));

      assertThat(bucket.most()).isGreaterThan(Rate.LIMIT + 10);
      assertThat(drain.calls()).isGreaterThan(Rate.LIMIT);
      assertThat(drain.cpuMillis()).isPositive();
      assertThat(new RateReport("", Rate.LIMIT, Duration.ZERO, List.of(bucket)).isCorrect())
          .as("the peers are not judged")
          .isTrue();
    }
  }
}
