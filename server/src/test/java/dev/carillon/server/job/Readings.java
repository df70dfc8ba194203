package dev.carillon.server.job;

import dev.carillon.view.Tier;
import dev.carillon.view.catalog.DataSource;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.job.Job;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.Progress;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Jobs as they might be read, for tests. */
final class Readings {

  static final UUID ID = new UUID(1, 2);
  static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");

  private Readings() {}

  /** A job of ten objects, so many of them done, read so long after the refresh of nine. */
  static JobReading done(int done, Duration lag) {
    Job job = new Job(ID, "b", "p/", null, NINE, NINE);
    BigDecimal percent = BigDecimal.valueOf(done * 10L).setScale(2);
    return new JobReading(
        job, new Progress(10, 10L - done, 0, done, 0, 3, percent, NINE), cached(NINE, lag));
  }

  static Freshness cached(Instant asOf, Duration lag) {
    return new Freshness(
        DataSource.CACHED,
        Tier.FULL,
        asOf,
        Duration.ofMillis(7),
        asOf,
        lag,
        true,
        null,
        Duration.ofMinutes(5),
        null);
  }

  static JobReading refreshedAt(JobReading reading, Instant asOf) {
    return new JobReading(reading.job(), reading.progress(), cached(asOf, Duration.ZERO));
  }
}
