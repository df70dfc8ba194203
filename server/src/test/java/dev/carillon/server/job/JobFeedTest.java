package dev.carillon.server.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.postgres.Database;
import dev.carillon.server.job.Subscription.News;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Patience;
import dev.carillon.view.job.JobGenerator;
import dev.carillon.view.job.JobGenerator.Shape;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import dev.carillon.view.job.JobStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a database without {@code job_progress}: every state is counted. */
class JobFeedTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Shape SHAPE = Shape.of(1, 100);
  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private static final EmbeddedDatabase SERVER = EmbeddedDatabase.forTests();

  private final Database database = migrated();
  private final JobGenerator generator = new JobGenerator(database.jdbi());
  private final JobFeed feed = new JobFeed(new JobReads(database.jdbi()));
  private final List<String> statements = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    feed.close();
    database.close();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void howeverManyWatchTheStatementsAreTheSame() throws Exception {
    UUID job = job();
    List<Subscription> watching = new ArrayList<>(List.of(all(), to(job)));
    count();
    feed.look();
    int few = statements.size();
    for (int i = 0; i < 100; i++) {
      watching.addAll(List.of(all(), to(job)));
    }
    statements.clear();
    feed.look();

    assertThat(statements).hasSize(few).hasSizeLessThanOrEqualTo(5);
    for (Subscription one : watching) {
      assertThat(one.next(SOON)).isInstanceOfAny(News.State.class, News.Active.class);
    }
  }

  @Test
  void nobodyWhoWatchesCostsNoStatement() {
    count();

    feed.look();

    assertThat(statements).isEmpty();
  }

  @Test
  void aJobIsToldUntilItHasEndedAndAMomentLonger() throws Exception {
    UUID job = job();
    Subscription one = all();
    assertThat(states(one)).extracting(state -> state.job().id()).contains(job);

    finish(job);

    for (int look = 0; look < 2; look++) {
      assertThat(states(one))
          .filteredOn(state -> state.job().id().equals(job))
          .singleElement()
          .satisfies(state -> assertThat(state.progress().status().isDone()).isTrue());
    }
    assertThat(feed.active()).extracting(state -> state.job().id()).doesNotContain(job);
    UUID deleted = job();
    assertThat(states(one)).extracting(state -> state.job().id()).contains(deleted);
    delete(deleted);
    assertThat(states(one)).extracting(state -> state.job().id()).doesNotContain(deleted);
  }

  @Test
  void theStreamOfAllIsWrittenAsJobsStatesAndEnds() throws Exception {
    UUID ends = job();
    UUID goes = job();
    Subscription one = all();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thread writer = writing(one, out);
    Patience.until(SOON, () -> text(out).contains("event: jobs"));

    finish(ends);
    delete(goes);
    feed.look();
    Patience.until(SOON, () -> text(out).contains("\"status\":\"gone\""));
    UUID begins = job();
    feed.look();
    Patience.until(SOON, () -> text(out).contains("event: state\ndata: {\"job_id\":\"" + begins));
    feed.close();

    assertThat(writer.join(SOON)).isTrue();
    assertThat(text(out))
        .startsWith("retry: 2000\n\nevent: jobs\ndata: {\"jobs\":[{\"job_id\":\"" + goes)
        .contains("event: state\ndata: {\"job_id\":\"" + ends)
        .contains(end(ends, "completed"), end(goes, "gone"))
        .doesNotContain("event: state\ndata: {\"job_id\":\"" + goes);
  }

  @Test
  void aJobThatEndsBeforeTheFirstLookIsToldAsEnded() throws Exception {
    UUID job = job();
    List<JobReading> first = feed.active();
    Subscription one = all();
    finish(job);

    assertThat(first).extracting(state -> state.job().id()).contains(job);
    assertThat(states(one))
        .extracting(state -> state.job().id(), state -> state.progress().status())
        .contains(tuple(job, JobStatus.COMPLETED));
  }

  @Test
  void oneWhoTakesNothingDoesNotHoldTheOthersUp() throws Exception {
    UUID job = job();
    CountDownLatch blocked = new CountDownLatch(1);
    Thread stuck =
        Thread.ofVirtual()
            .start(() -> write(all(), new EventStreamTest.Blocking(blocked), feed.active()));
    blocked.await();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thread quick = writing(all(), out);
    Patience.until(SOON, () -> text(out).contains("event: jobs"));

    finish(job);
    feed.look();

    Patience.until(SOON, () -> text(out).contains(end(job, "completed")));
    assertThat(stuck.isAlive()).isTrue();
    feed.close();
    assertThat(quick.join(SOON)).isTrue();
    assertThat(stuck.join(SOON)).isTrue();
  }

  private Thread writing(Subscription subscription, ByteArrayOutputStream out) {
    List<JobReading> first = feed.active();
    return Thread.ofVirtual().start(() -> write(subscription, out, first));
  }

  private static void write(Subscription subscription, OutputStream out, List<JobReading> first) {
    try {
      new ActiveStream(subscription, out, JSON).write(first);
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<JobReading> states(Subscription one) throws InterruptedException {
    feed.look();
    return ((News.Active) requireNonNull(one.next(SOON), "nothing was told")).jobs();
  }

  private Subscription all() {
    return feed.subscribe(null).orElseThrow();
  }

  private Subscription to(UUID job) {
    return feed.subscribe(job).orElseThrow();
  }

  private UUID job() {
    return generator.make(SHAPE).getFirst();
  }

  private void finish(UUID job) {
    while (!generator.moveOn(job, 100, SHAPE).nothing()) {}
  }

  private void delete(UUID job) {
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM jobs WHERE job_id = ?", job));
  }

  private void count() {
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.add(context.getRenderedSql());
              }
            });
  }

  private static String end(UUID job, String status) {
    return "event: end\ndata: {\"job_id\":\"%s\",\"status\":\"%s\"}\n\n".formatted(job, status);
  }

  private static String text(ByteArrayOutputStream out) {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Database migrated() {
    String name = "feed_" + UUID.randomUUID().toString().replace("-", "");
    Database database = Database.open(Database.Address.of(SERVER.create(name)));
    database.migrate();
    return database;
  }
}
