package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {

  private final Database database = TestDatabases.empty(TestDatabases.newestServer());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aHostWhoseClockIsWrongShowsTheDatabasesTime() {
    SettableClock wrong = new SettableClock(Instant.parse("2001-01-01T00:00:00Z"));
    DatabaseClock clock = new DatabaseClock(database, wrong);
    assertThat(clock.instant()).isEqualTo(wrong.instant());

    clock.synchronize();

    assertThat(Duration.between(clock.instant(), database.time()).abs())
        .isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aHostWhoseClockIsRightIsHardlyCorrected() {
    DatabaseClock clock = new DatabaseClock(database, InstantSource.system());

    clock.synchronize();

    assertThat(clock.offset().abs()).isLessThan(Duration.ofMinutes(1));
  }
}
