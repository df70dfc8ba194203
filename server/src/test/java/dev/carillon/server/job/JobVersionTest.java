package dev.carillon.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.job.JobPage.Cursor;
import dev.carillon.view.job.JobReading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobVersionTest {

  @Test
  void theSameStateHasTheSameVersionWheneverItIsRead() {
    String version = JobVersion.of(Readings.done(4, Duration.ZERO));

    assertThat(JobVersion.of(Readings.done(4, Duration.ofSeconds(9)))).isEqualTo(version);
    assertThat(
            JobVersion.of(
                Readings.refreshedAt(
                    Readings.done(4, Duration.ZERO), Readings.NINE.plusSeconds(60))))
        .isEqualTo(version);
  }

  @Test
  void progressAndAMissedObjectiveChangeIt() {
    String version = JobVersion.of(Readings.done(4, Duration.ZERO));

    assertThat(JobVersion.of(Readings.done(5, Duration.ZERO))).isNotEqualTo(version);
    assertThat(JobVersion.of(Readings.done(4, Duration.ofMinutes(6)))).isNotEqualTo(version);
    assertThat(JobVersion.of(List.of(Readings.done(4, Duration.ZERO)), "next"))
        .isNotEqualTo(version);
  }

  @Test
  void onlyARefreshOfTheWholeViewGivesADate() {
    JobReading cached = Readings.done(4, Duration.ZERO);
    Freshness live = Freshness.live(Readings.NINE, Duration.ofMinutes(5), null);

    assertThat(JobVersion.date(cached)).isEqualTo(Readings.NINE);
    assertThat(JobVersion.date(new JobReading(cached.job(), cached.progress(), live))).isNull();
  }

  @Test
  void aCursorIsReadAsItWasWritten() {
    Cursor cursor = new Cursor(Readings.NINE.plusNanos(123_456_000), Readings.ID);

    assertThat(JobCursor.parse(JobCursor.text(cursor))).contains(cursor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "bm90aGluZw", "MjAyNi0xMS0yMlQwOTowMDowMFogeA"})
  void whatIsNoCursorIsRefused(String text) {
    assertThat(JobCursor.parse(text)).isEmpty();
  }
}
