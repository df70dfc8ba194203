package dev.carillon.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.server.job.Subscription.News;
import dev.carillon.testkit.Patience;
import dev.carillon.view.job.JobReads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Subscription subscription = new Subscription(Readings.ID);
  private final JobFeed feed = new JobFeed(new JobReads(nowhere()), Duration.ZERO);

  @AfterEach
  void close() {
    feed.close();
  }

  @Test
  void theStateIsToldAtOnceAndADoneJobEndsTheStream() throws Exception {
    stream(out).write(Readings.done(10, Duration.ZERO));

    String version = JobVersion.of(Readings.done(10, Duration.ZERO));
    assertThat(text().lines())
        .startsWith("retry: 2000", "", "id: " + version, "event: state")
        .endsWith("id: " + version, "event: end", "data: {\"status\":\"completed\"}", "");
    assertThat(text()).contains("\"progress_percent\":100.00", "\"data_source\":\"cached\"");
  }

  @Test
  void onlyChangesAreToldAndOfManyTheLatest() throws Exception {
    Thread writer = writing(out);
    Patience.until(SOON, () -> text().contains("event: state"));

    subscription.tell(new News.State(Readings.done(4, Duration.ofSeconds(1))));
    subscription.tell(new News.State(Readings.done(6, Duration.ofSeconds(2))));
    Patience.until(SOON, () -> text().contains("\"succeeded\":6"));
    subscription.tell(new News.Gone());
    writer.join();

    assertThat(text().split("event: state", -1).length - 1).isBetween(2, 3);
    assertThat(text()).endsWith("event: end\ndata: {\"status\":\"gone\"}\n\n");
  }

  @Test
  void aViewThatIsBehindACountIsNotTold() throws Exception {
    Thread writer = writing(out);
    Patience.until(SOON, () -> text().contains("event: state"));

    subscription.tell(
        new News.State(
            Readings.refreshedAt(Readings.done(2, Duration.ZERO), Readings.NINE.minusSeconds(9))));
    Patience.until(SOON, subscription::isTaken);
    subscription.tell(new News.State(Readings.done(10, Duration.ZERO)));
    writer.join();

    assertThat(text()).doesNotContain("\"succeeded\":2,").contains("\"succeeded\":10,");
  }

  @Test
  void whoTakesNothingIsDropped() throws Exception {
    Subscription slow = feed.subscribe(Readings.ID).orElseThrow();
    CountDownLatch blocked = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual().start(() -> write(new EventStream(slow, new Blocking(blocked), JSON)));
    blocked.await();

    feed.look();

    assertThat(writer.join(SOON)).isTrue();
    assertThat(feed.subscribers()).isZero();
  }

  @Test
  void noMoreThanTheMostMayWatchAndNobodyAfterTheEnd() {
    for (int i = 0; i < JobFeed.MOST_SUBSCRIBERS; i++) {
      assertThat(feed.subscribe(Readings.ID)).isPresent();
    }
    assertThat(feed.subscribe(Readings.ID)).isEmpty();

    feed.close();

    assertThat(feed.subscribers()).isZero();
    assertThat(feed.subscribe(Readings.ID)).isEmpty();
  }

  @Test
  void aFeedWhoseDatabaseIsAwayTellsNothingAndGoesOn() throws Exception {
    Subscription one = feed.subscribe(Readings.ID).orElseThrow();

    feed.look();

    assertThat(one.next(Duration.ofMillis(1))).isNull();
    feed.unsubscribe(one);
    assertThat(one.next(SOON)).isEqualTo(new News.Ended());
  }

  private EventStream stream(OutputStream to) {
    return new EventStream(subscription, to, JSON);
  }

  private Thread writing(OutputStream to) {
    return Thread.ofVirtual().start(() -> write(stream(to)));
  }

  private static void write(EventStream stream) {
    try {
      stream.write(Readings.done(4, Duration.ZERO));
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Jdbi nowhere() {
    return Jdbi.create(() -> {
      throw new ConnectionException(new SQLException("away"));
    });
  }

  /** Takes nothing. */
  static final class Blocking extends OutputStream {

    private final CountDownLatch blocked;

    Blocking(CountDownLatch blocked) {
      this.blocked = blocked;
    }

    @Override
    public void write(int b) throws IOException {
      blocked.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
  }
}
