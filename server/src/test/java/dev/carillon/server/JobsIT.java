package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.security.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobsIT {

  private static final Jobs JOBS = Jobs.shared();
  private static final String UNKNOWN = "/v1/jobs/00000000-0000-0000-0000-000000000001";

  private final Api api = JOBS.api();

  @Test
  void aJobIsReadFromTheViewUntilSomebodyWantsACount() {
    UUID job = JOBS.make().getFirst();
    JOBS.move(job, 40);
    JOBS.move(job, 40);

    JsonNode cached = api.read("/v1/jobs/" + job);
    assertThat(cached.path("data_source").asText()).isEqualTo("cached");
    assertThat(cached.path("succeeded").asLong() + cached.path("failed").asLong()).isEqualTo(200);
    assertThat(cached.path("progress_percent").decimalValue()).isEqualByComparingTo("50");
    assertThat(cached.path("status").asText()).isEqualTo("processing");
    assertThat(cached.path("tier").asText()).isEqualTo("full");
    assertThat(cached.path("exact").booleanValue()).isTrue();
    assertThat(cached.path("slo_met").booleanValue()).isTrue();
    assertThat(cached.path("cache_refreshed_at")).isEqualTo(cached.path("as_of"));
    assertThat(cached.has("cache_refresh_duration_ms")).isTrue();

    JsonNode counted = api.read("/v1/jobs/" + job + "?real_time=true");
    assertThat(counted.path("data_source").asText()).isEqualTo("real_time");
    assertThat(counted.path("succeeded").asLong() + counted.path("failed").asLong()).isEqualTo(240);
    assertThat(counted.path("processing").asLong()).isEqualTo(40);
    assertThat(counted.has("cache_refreshed_at")).isFalse();
    assertThat(counted.has("cache_refresh_duration_ms")).isFalse();
    assertThat(counted.path("lag_ms").asLong()).isZero();
  }

  @Test
  void callersSayHowOldAnAnswerMayBe() {
    UUID job = JOBS.make().getFirst();
    String path = "/v1/jobs/" + job;

    assertThat(source(path, "no-cache")).isEqualTo("real_time");
    assertThat(source(path, "max-age=0")).isEqualTo("real_time");
    assertThat(source(path, "max-age=300")).isEqualTo("cached");
    assertThat(source(path, "only-if-cached")).isEqualTo("cached");
    assertProblem(get(path, "Cache-Control", "only-if-cached, no-cache"), 504);
    assertProblem(get(path, "Cache-Control", "only-if-cached, max-age=0"), 504);
    UUID young = JOBS.generator().make(Jobs.SHAPE).getFirst();
    assertProblem(get("/v1/jobs/" + young, "Cache-Control", "only-if-cached"), 504);
    assertProblem(get("/v1/jobs?limit=1", "Cache-Control", "only-if-cached"), 504);
    assertThat(api.read("/v1/jobs/" + young).path("reason").asText()).contains("younger");
    assertProblem(get(UNKNOWN, "Cache-Control", "only-if-cached"), 404);
  }

  @Test
  void whoHasTheStateAlreadyDoesNotGetItAgain() {
    UUID job = JOBS.make().getFirst();
    String path = "/v1/jobs/" + job;
    HttpResponse<String> first = api.get(path);
    String tag = first.headers().firstValue("etag").orElseThrow();

    assertThat(tag).startsWith("W/\"");
    JOBS.refresh();
    HttpResponse<String> same = get(path, "If-None-Match", "\"x\", " + tag);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers().firstValue("etag")).hasValue(tag);
    for (HttpResponse<String> answer : List.of(first, same)) {
      assertThat(answer.headers().firstValue("cache-control"))
          .hasValue("private, max-age=1, stale-while-revalidate=5");
      assertThat(answer.headers().firstValue("vary")).hasValue("Authorization, X-Api-Key");
      assertThat(answer.headers().firstValue("date")).isPresent();
      assertThat(answer.headers().firstValue("last-modified").orElseThrow()).endsWith(" GMT");
      assertThat(Long.parseLong(answer.headers().firstValue("age").orElseThrow()))
          .isBetween(0L, 60L);
    }

    JOBS.move(job, 10);
    JOBS.refresh();
    HttpResponse<String> changed = get(path, "If-None-Match", tag);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.headers().firstValue("etag"))
        .isNotEqualTo(first.headers().firstValue("etag"));
  }

  @Test
  void aDateIsKnownIfItIsTheOneOfTheRefreshAndThereIsNoTag() {
    UUID job = JOBS.make().getFirst();
    String path = "/v1/jobs/" + job;
    String since = "If-Modified-Since";
    HttpResponse<String> first = api.get(path);
    String date = first.headers().firstValue("last-modified").orElseThrow();

    assertThat(get(path, since, date).statusCode()).isEqualTo(304);
    assertThat(get(path, since, "Thu, 01 Jan 2099 00:00:00 GMT").statusCode()).isEqualTo(200);
    assertThat(get(path, since, "yesterday").statusCode()).isEqualTo(200);
    assertThat(get(path + "?real_time=true", since, date).statusCode()).isEqualTo(200);
    assertThat(get("/v1/jobs", since, date).statusCode()).isEqualTo(200);
    RunningServer server = JOBS.server();
    var both = server.as(Role.SERVICE, path).header(since, date).header("If-None-Match", "\"x\"");
    assertThat(server.send(both.GET()).statusCode()).isEqualTo(200);
    assertThat(get(path, "If-None-Match", "*").statusCode()).isEqualTo(304);
    HttpResponse<String> head = server.send(server.as(Role.SERVICE, path).HEAD());
    assertThat(head.headers().firstValue("etag")).isEqualTo(first.headers().firstValue("etag"));
    assertProblem(get(UNKNOWN, "If-None-Match", "*"), 404);
  }

  @Test
  void jobsAreFoundByStatusAndBucket() {
    List<UUID> jobs = JOBS.make();
    UUID done = jobs.getFirst();
    JOBS.move(done, 400);
    JOBS.move(done, 400);
    JOBS.refresh();

    assertThat(ids("/v1/jobs?status=completed,failed&limit=500"))
        .contains(done.toString())
        .doesNotContain(jobs.getLast().toString());
    assertThat(ids("/v1/jobs?status=processing&bucket=generated&limit=500"))
        .contains(jobs.getLast().toString())
        .doesNotContain(done.toString());
    assertThat(ids("/v1/jobs?bucket=another")).isEmpty();
    assertThat(ids("/v1/jobs?status=aborted")).isEmpty();
    assertNames(api.get("/v1/jobs?status=ready&bucket="), "status", "bucket");
  }

  @Test
  void jobsAreListedInPagesTheNewestFirst() {
    JOBS.make();
    List<String> all = new ArrayList<>();
    JsonNode page = api.read("/v1/jobs?limit=1");
    all.add(list(page, "jobs").getFirst().path("job_id").asText());
    assertThat(page.path("has_more").booleanValue()).isTrue();
    page = api.read("/v1/jobs?limit=500&cursor=" + page.path("next_cursor").asText());
    list(page, "jobs").forEach(job -> all.add(job.path("job_id").asText()));

    assertThat(all).doesNotHaveDuplicates();
    assertThat(texts(list(api.read("/v1/jobs?limit=500&real_time=true"), "jobs"), "job_id"))
        .hasSizeLessThanOrEqualTo(50)
        .startsWith(all.getFirst(), all.get(1));
    HttpResponse<String> first = api.get("/v1/jobs?limit=1");
    String tag = first.headers().firstValue("etag").orElseThrow();
    assertThat(get("/v1/jobs?limit=1", "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertProblem(api.get(UNKNOWN), 404);
    assertProblem(api.get(UNKNOWN + "/events"), 404);
    assertNames(api.get("/v1/jobs/x"), "id");
    assertNames(api.get("/v1/jobs/x/events"), "id");
    assertNames(api.get(UNKNOWN + "?real_time=yes&fresh=1"), "real_time", "fresh");
    assertNames(api.get("/v1/jobs?cursor=x&limit=0"), "cursor", "limit");
    assertProblem(api.as(Role.USER, "somebody").get("/v1/jobs"), 403);
    assertThat(api.as(Role.SERVICE, "somebody").get("/v1/jobs").statusCode()).isEqualTo(200);
  }

  @Test
  void aStreamTellsTheStateWhateverItsChangesAndItsEnd() throws Exception {
    UUID job = JOBS.make().getFirst();
    try (Stream stream = Stream.open(job, "")) {
      assertThat(stream.header("content-type")).startsWith("text/event-stream");
      assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
      assertThat(stream.next("state").path("progress_percent").asInt()).isEqualTo(50);

      JOBS.move(job, 100);
      JOBS.refresh();
      assertThat(stream.next("state").path("processing").asLong()).isEqualTo(100);

      JOBS.move(job, 400);
      JOBS.move(job, 400);
      JOBS.refresh();
      assertThat(stream.next("state").path("status").asText()).isEqualTo("completed");
      assertThat(stream.next("end").path("status").asText()).isEqualTo("completed");
      assertThat(stream.line()).isNull();
      assertThat(Stream.status(job, stream.id)).isEqualTo(204);
    }
    try (Stream again = Stream.open(job, "another")) {
      assertThat(again.next("state").path("status").asText()).isEqualTo("completed");
      assertThat(again.next("end").path("status").asText()).isEqualTo("completed");
    }
  }

  @Test
  void nothingNewIsSaidWithItsTimeAndACallerWhoHangsUpIsForgotten() throws Exception {
    UUID job = JOBS.make().getFirst();
    try (Stream stream = Stream.open(job, "")) {
      Instant first = Instant.parse(stream.next("state").path("as_of").asText());
      JsonNode progress = stream.refreshingUntil("progress");
      assertThat(Instant.parse(progress.path("as_of").asText())).isAfter(first);
    }
    ok(api.get("/v1/jobs/" + job));
  }

  @Test
  void aStreamOfAllTellsWhatIsActiveWhatChangesAndWhatEnds() throws Exception {
    UUID job = JOBS.make().getFirst();
    try (Stream stream = Stream.openAll()) {
      assertThat(stream.header("cache-control")).isEqualTo("no-store");
      assertThat(texts(list(stream.next("jobs"), "jobs"), "job_id")).contains(job.toString());

      JOBS.move(job, 400);
      JOBS.refresh();
      assertThat(stream.nextOf("state", job).path("processing").asLong()).isEqualTo(200);
      JOBS.move(job, 400);
      JOBS.refresh();
      assertThat(stream.nextOf("state", job).path("progress_percent").asInt()).isEqualTo(100);
      assertThat(stream.nextOf("end", job).path("status").asText()).isEqualTo("completed");
      UUID young = JOBS.generator().make(Jobs.SHAPE).getLast();
      assertThat(stream.nextOf("state", young).path("data_source").asText()).isEqualTo("real_time");
    }
    try (Stream again = Stream.openAll()) {
      assertThat(texts(list(again.next("jobs"), "jobs"), "job_id")).doesNotContain(job.toString());
    }
    assertProblem(api.as(Role.USER, "somebody").get("/v1/jobs/events"), 403);
    assertNames(api.get("/v1/jobs/events?all=1"), "all");
  }

  @Test
  void aServerThatStopsEndsItsStreamsFirst() throws Exception {
    try (RunningServer server = RunningServer.start(Map.of());
        Stream stream = new Stream(server, "/v1/jobs/events", "")) {
      assertThat(list(stream.next("jobs"), "jobs")).isEmpty();

      assertThat(server.stop()).isEqualTo(143);

      assertThat(stream.rest()).doesNotContain("event: end");
      assertThat(server.err()).noneMatch(line -> line.contains("Timed out waiting"));
    }
  }

  private List<String> ids(String path) {
    return texts(list(api.read(path), "jobs"), "job_id");
  }

  private String source(String path, String cacheControl) {
    return json(get(path, "Cache-Control", cacheControl)).path("data_source").asText();
  }

  private static HttpResponse<String> get(String path, String header, String value) {
    RunningServer server = JOBS.server();
    return server.send(server.as(Role.SERVICE, path).header(header, value).GET());
  }

  /** A stream as a browser reads it. */
  private static final class Stream implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpResponse<InputStream> response;
    private final BufferedReader reader;
    private String id = "";

    private Stream(RunningServer server, String path, String lastId)
        throws IOException, InterruptedException {
      this.response =
          client.send(
              server
                  .as(Role.SERVICE, path)
                  .header("Accept", "text/event-stream")
                  .header("Last-Event-ID", lastId)
                  .build(),
              BodyHandlers.ofInputStream());
      this.reader =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    static Stream open(UUID job, String lastId) throws IOException, InterruptedException {
      Stream stream = new Stream(JOBS.server(), path(job), lastId);
      assertThat(stream.response.statusCode()).isEqualTo(200);
      return stream;
    }

    static Stream openAll() throws IOException, InterruptedException {
      return new Stream(JOBS.server(), "/v1/jobs/events", "whatever");
    }

    static int status(UUID job, String lastId) throws IOException, InterruptedException {
      try (Stream stream = new Stream(JOBS.server(), path(job), lastId)) {
        return stream.response.statusCode();
      }
    }

    private static String path(UUID job) {
      return "/v1/jobs/%s/events".formatted(job);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String line() throws IOException {
      return reader.readLine();
    }

    /** All that is still told. */
    List<String> rest() {
      return reader.lines().toList();
    }

    /** The data of the next event of a name; others that only say that nothing is new pass. */
    JsonNode next(String name) throws IOException {
      String event = "";
      for (String line = line(); line != null; line = line()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ") && event.equals(name)) {
          assertThat(line()).isEmpty();
          return Api.tree(line.substring(6));
        } else if (line.startsWith("data: ")) {
          assertThat(event).isEqualTo("progress");
        }
      }
      throw new AssertionError("the stream ended without " + name);
    }

    /** The same of a job; what is told of others passes. */
    JsonNode nextOf(String name, UUID job) throws IOException {
      String event = "";
      for (String line = line(); line != null; line = line()) {
        if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ") && event.equals(name)) {
          JsonNode data = Api.tree(line.substring(6));
          if (data.path("job_id").asText().equals(job.toString())) {
            return data;
          }
        }
      }
      throw new AssertionError("the stream ended without " + name);
    }

    /** The same while the view is refreshed, so that its time goes on. */
    JsonNode refreshingUntil(String name) throws Exception {
      try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
        var found = threads.submit(() -> next(name));
        return Api.until(
                () -> {
                  JOBS.refresh();
                  return found;
                },
                done -> done.isDone(),
                name)
            .get();
      }
    }

    @Override
    public void close() {
      client.shutdownNow();
      client.close();
    }
  }
}
