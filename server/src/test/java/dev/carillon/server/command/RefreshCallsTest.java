package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.server.command.AnsweringServer.Result;
import dev.carillon.server.http.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefreshCallsTest {

  private static final String SUMMARY = "GET /v1/refresh-requests/summary";
  private static final String RUNNING =
      "{\"queue_size\":7,\"last_drain\":{\"started_at\":\"2026-11-22T09:00:00Z\"},\"running\":"
          + "[{\"processed\":40,\"failed\":2,\"calls_per_second\":29.6,\"pause\":\"maintenance\"}]}";

  private final AnsweringServer server = new AnsweringServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void addAsksForEachTagAndTellsWhatBecameOfThem() {
    server.answers.put(
        "POST /v1/refresh-requests",
        "202 {\"queued\":1,\"raised\":0,\"kept\":0,\"fresh\":0,"
            + "\"invalid\":[{\"index\":1,\"reason\":\"tag must be one\"}]}");

    Result result = run("add", "clan", "2PP", "x", "--priority", "high");

    assertThat(result)
        .isEqualTo(
            new Result(2, "1 queued, 0 raised, 0 kept, 0 fresh\nnot x: tag must be one\n", ""));
    assertThat(server.asked.getFirst().body())
        .isEqualTo(
            "[{\"type\":\"clan\",\"tag\":\"2PP\",\"priority\":\"high\"},"
                + "{\"type\":\"clan\",\"tag\":\"x\",\"priority\":\"high\"}]");
  }

  @Test
  void statusShowsWhatWaitsAndFailsIfAStoreIsAway() {
    server.answers.put(SUMMARY, "200 {\"queue_size\":7,\"troubles\":[]}");
    assertThat(run("status")).isEqualTo(new Result(0, "queue_size  7\n", ""));

    server.answers.put(
        SUMMARY,
        "200 {\"waiting\":{\"high\":1,\"low\":0},\"oldest\":{\"high\":\"noon\",\"low\":null},"
            + "\"running\":[{\"processed\":1},{\"processed\":2}],\"troubles\":[]}");
    assertThat(run("status").out().lines())
        .containsExactly(
            "waiting   high 1, low 0", "oldest    high noon", "running   processed 1; processed 2");

    server.answers.put(SUMMARY, "200 {\"troubles\":[\"queue: away\"]}");
    assertThat(run("status").exit()).isEqualTo(1);
  }

  @Test
  void drainWaitsForTheEndOfTheDrainThatItStarted() {
    String ended =
        "{\"last_drain\":{\"started_at\":\"2026-11-22T09:00:00Z\","
            + "\"ended_at\":\"2026-11-22T09:01:00Z\",\"ended\":\"empty\",\"processed\":42,"
            + "\"failed\":2,\"dropped\":1,\"calls\":43,\"calls_per_second\":29.6},\"running\":[]}";
    server.answers.put(SUMMARY, "200 {\"last_drain\":null,\"running\":[]}");
    server.answers.put("POST /v1/refresh", "202 {\"queue_size\":42}");
    Thread change =
        Thread.ofVirtual()
            .start(() -> {
              while (server.asked.stream().noneMatch(asked -> asked.line().startsWith("POST"))) {
                Thread.onSpinWait();
              }
              server.answers.put(SUMMARY, "200 " + ended);
            });

    Result result = run("drain");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .endsWith(
            "ended (empty): 42 processed, 2 of them failed, 1 fresh, 43 calls, 29.60 a second\n");
    assertThat(change.isInterrupted()).isFalse();
  }

  @Test
  void aDrainThatFollowsAnotherOneIsWaitedForAsLongAsBothMayTake() {
    Duration limit = DrainLimits.DEFAULT.timeLimit();
    assertThat(RefreshDrainCommand.patience(true)).isBetween(limit, limit.multipliedBy(2));
    assertThat(RefreshDrainCommand.patience(false)).isGreaterThan(limit.multipliedBy(2));
  }

  @Test
  void drainNeedNotWait() {
    server.answers.put(SUMMARY, "200 {\"last_drain\":null,\"running\":[]}");
    server.answers.put("POST /v1/refresh", "202 {\"queue_size\":42}");

    assertThat(run("drain", "--no-wait")).isEqualTo(new Result(0, "42 requests wait\n", ""));
  }

  @Test
  void aLineOfProgressTellsThePause() {
    assertThat(RefreshDrainCommand.line(Json.stored(RUNNING)))
        .isEqualTo("40 processed, 2 of them failed, 7 wait, 29.6 calls/s, paused: maintenance");
  }

  @Test
  void failuresAreATable() {
    server.answers.put(
        "GET /v1/refresh-failures?limit=50",
        "200 {\"failures\":[{\"id\":\"9\",\"type\":\"clan\",\"tag\":\"#2PP\",\"priority\":\"low\","
            + "\"reason\":\"answered 500\",\"failed_at\":\"2026-11-22T09:00:00Z\"}],\"has_more\":true}");

    assertThat(run("failures").out().lines())
        .containsExactly(
            "ID  TYPE  TAG   PRIORITY  FAILED                REASON",
            "9   clan  #2PP  low       2026-11-22T09:00:00Z  answered 500",
            "and more: --limit");
  }

  @Test
  void redriveQueuesFailuresAgain() {
    server.answers.put("POST /v1/refresh-failures/9/redrive", "200 {\"redriven\":1}");
    server.answers.put("POST /v1/refresh-failures/8/redrive", "200 {\"redriven\":1}");

    assertThat(run("redrive", "9", "8")).isEqualTo(new Result(0, "redriven 2\n", ""));
  }

  @Test
  void badUsageEndsWithTwo() {
    List<Result> results =
        List.of(
            run("add", "clan"),
            run("failures", "--limit", "0"),
            run("redrive"),
            AnsweringServer.execute(List.of("refresh")));

    assertThat(results).extracting(Result::exit).containsOnly(2);
    assertThat(server.asked).isEmpty();
  }

  private Result run(String... arguments) {
    return server.run("refresh", arguments);
  }
}
