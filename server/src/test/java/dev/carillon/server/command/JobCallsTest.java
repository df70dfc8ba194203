package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.command.AnsweringServer.Result;
import dev.carillon.server.http.Json;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobCallsTest {

  private static final String JOB =
      "{\"job_id\":\"7\",\"bucket\":\"b\",\"prefix\":\"p/\",\"status\":\"%s\",\"total\":1000,\"succeeded\":420,"
          + "\"failed\":5,\"total_findings\":9,\"progress_percent\":42.50,\"data_source\":\"cached\","
          + "\"as_of\":\"2026-11-22T09:00:00.5Z\",\"exact\":true}";

  private final AnsweringServer server = new AnsweringServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void jobsAreATable() {
    server.answers.put(
        "GET /v1/jobs?limit=20",
        "200 {\"jobs\":[%s],\"has_more\":true}".formatted(JOB.formatted("processing")));

    assertThat(run("list").out().lines())
        .containsExactly(
            "ID  BUCKET  STATUS      DONE    OBJECTS  FAILED  FINDINGS  FROM    AS OF",
            "7   b/p/    processing  42.5 %  1000     5       9         cached  2026-11-22T09:00:00.5Z",
            "and there may be more: --limit");
  }

  @Test
  void jobsAreListedByStatusAndBucket() {
    server.answers.put(
        "GET /v1/jobs?limit=20&status=processing%2Cfailed&bucket=a%26b", "200 {\"jobs\":[]}");

    assertThat(run("list", "--status", "processing,failed", "--bucket", "a&b").exit()).isZero();
  }

  @Test
  void showCountsIfThatIsWanted() {
    server.answers.put("GET /v1/jobs/7?real_time=true", "200 {\"job_id\":\"7\",\"tier\":null}");

    assertThat(run("show", "7", "--real-time")).isEqualTo(new Result(0, "job_id  7\n", ""));
  }

  @Test
  void watchEndsWhenTheJobIsDone() {
    server.answers.put("GET /v1/jobs/7", "200 " + JOB.formatted("completed"));
    Result completed = run("watch", "7");
    assertThat(completed.exit()).isZero();
    assertThat(completed.out())
        .isEqualTo(
            "[############..................]  42.50 %  completed  425 of 1,000 objects, 5 failed,"
                + " 9 findings  as of 09:00:00\n");

    server.answers.put("GET /v1/jobs/7", "200 " + JOB.formatted("failed"));
    assertThat(run("watch", "7").exit()).isEqualTo(1);
    assertThat(run("watch", "8").exit()).isEqualTo(1);
  }

  @Test
  void theLineSaysWhatWasCountedAndWhatIsNotExact() {
    String job = JOB.formatted("processing");

    assertThat(JobWatchCommand.line(Json.stored(job.replace("cached", "real_time"))))
        .endsWith("9 findings  counted");
    assertThat(JobWatchCommand.line(Json.stored(job.replace("true", "false"))))
        .endsWith("as of 09:00:00, not exact");
  }

  @Test
  void badUsageEndsWithTwo() {
    List<Result> results =
        List.of(run("list", "--limit", "0"), run("show"), AnsweringServer.execute(List.of("job")));

    assertThat(results).extracting(Result::exit).containsOnly(2);
    assertThat(server.asked).isEmpty();
  }

  private Result run(String... arguments) {
    return server.run("job", arguments);
  }
}
