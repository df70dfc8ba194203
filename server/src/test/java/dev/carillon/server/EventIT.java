package dev.carillon.server;

import static dev.carillon.server.Api.ada;
import static dev.carillon.server.Api.adaSoon;
import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventIT {

  private final Api api = Api.of(RunningServer.shared());
  private final Postbox postbox = RunningServer.postbox();

  @Nested
  class Listing {

    private final String user = api.id(ada());
    private final JsonNode birthday = api.birthday(user);
    private final String due = birthday.path("target_timestamp_utc").textValue();

    @Test
    void eachFilterLetsThroughWhatItNames() {
      assertThat(types("")).containsExactlyInAnyOrder("BIRTHDAY", "ANNIVERSARY");
      assertThat(types("&event_type=ANNIVERSARY")).containsExactly("ANNIVERSARY");
      assertThat(types("&event_type=NOT_CONFIGURED")).isEmpty();
      assertThat(types("&status=PENDING")).hasSize(2);
      assertThat(types("&status=COMPLETED")).isEmpty();
    }

    @Test
    void fromIsInclusiveAndToIsNot() {
      assertThat(types("&event_type=BIRTHDAY&from=" + due)).hasSize(1);
      assertThat(types("&event_type=BIRTHDAY&to=" + due)).isEmpty();
      assertThat(types("&event_type=BIRTHDAY&from=1900-01-01T00:00:00Z&to=9999-12-31T23:59:59Z"))
          .hasSize(1);
      assertThat(types("&event_type=BIRTHDAY&from=" + due.replace("Z", "%2B00:00"))).hasSize(1);
    }

    @Test
    void aCancelledEventIsFoundByItsState() {
      ok(api.post(Api.EVENTS + "/" + birthday.path("id").textValue() + "/cancel"));

      assertThat(types("&status=CANCELLED")).containsExactly("BIRTHDAY");
    }

    private List<String> types(String filter) {
      String path = Api.EVENTS + "?user_id=" + user + filter;
      return texts(list(api.read(path), "events"), "event_type");
    }
  }

  @Nested
  class Paging {

    @Test
    void pagesHaveNoGapAndNoRepetition() {
      IntStream.range(0, 8).forEach(_ -> api.id(ada()));
      List<String> all =
          texts(list(api.read(Api.EVENTS + "?status=PENDING&limit=16"), "events"), "id");

      List<String> read = new ArrayList<>();
      String cursor = "";
      while (read.size() < all.size()) {
        JsonNode page = api.read(Api.EVENTS + "?status=PENDING&limit=5" + cursor);
        read.addAll(texts(list(page, "events"), "id"));
        assertThat(page.path("has_more").booleanValue())
            .isEqualTo(!page.path("next_cursor").isNull());
        cursor = "&cursor=" + page.path("next_cursor").textValue();
      }

      assertThat(read.subList(0, all.size())).isEqualTo(all);
    }

    @Test
    void theLastPageSaysSo() {
      String user = api.id(ada());

      JsonNode exact = api.read(Api.USERS + "/" + user + "/events?limit=2");
      JsonNode first = api.read(Api.USERS + "/" + user + "/events?limit=1");

      assertThat(exact.path("has_more").booleanValue()).isFalse();
      assertThat(exact.path("next_cursor").isNull()).isTrue();
      assertThat(first.path("has_more").booleanValue()).isTrue();
      JsonNode second =
          api.read(
              Api.USERS
                  + "/%s/events?limit=1&cursor=%s"
                      .formatted(user, first.path("next_cursor").textValue()));
      assertThat(list(second, "events")).hasSize(1);
      assertThat(second.path("has_more").booleanValue()).isFalse();
    }

    @Test
    void theLongestPageKnowsThatAnotherFollows() {
      IntStream.range(0, 251).forEach(_ -> api.id(ada()));

      JsonNode page = api.read(Api.EVENTS + "?limit=500");

      assertThat(list(page, "events")).hasSize(500);
      assertThat(page.path("has_more").booleanValue()).isTrue();
    }
  }

  @Nested
  class BadQueries {

    @ParameterizedTest
    @CsvSource({
      "limit, 0",
      "limit, 501",
      "limit, x",
      "limit, -1",
      "limit, 1e2",
      "limit, ''",
      "limit, 99999999999999999999",
      "limit, 3&limit=3",
      "cursor, x",
      "cursor, 1-1-1-1-1",
      "cursor, ''",
      "from, yesterday",
      "from, 2026-01-01",
      "from, 2026-01-01T00:00:00",
      "from, 2026-02-30T00:00:00Z",
      "from, 2026-01-01T00:00:00+01:00",
      "from, %2B999999999-12-31T00:00:00Z",
      "from, -9999-01-01T00:00:00Z",
      "to, 10000-01-01T00:00:00Z",
      "to, 2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
      "user_id, me",
      "user_id, %00",
      "status, pending",
      "status, DONE",
      "status, PENDING&status=FAILED",
      "event_type, ''",
      "event_type, %00",
      "event_type, %ED%A0%80",
      "event_type, A%20B",
      "event_type, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "page, 2",
      "%F0%9F%94%94, 2",
    })
    void aBadParameterIsNamed(String name, String value) {
      HttpResponse<String> response = api.get(Api.EVENTS + "?" + name + "=" + value);

      assertNames(response, "%F0%9F%94%94".equals(name) ? "🔔" : name);
    }

    @Test
    void allBadParametersAreNamedAtOnce() {
      assertNames(
          api.get(Api.EVENTS + "?limit=0&cursor=x&from=x&to=x&status=x&user_id=x&x=x"),
          "limit",
          "cursor",
          "from",
          "to",
          "status",
          "user_id",
          "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/dead-letters", "/v1/user"})
    void otherListsTakeNoOtherNames(String path) {
      assertNames(api.get(path + "?status=PENDING"), "status");
      assertNames(api.get(path + "?limit=501"), "limit");
      assertNames(api.get(path + "?cursor=x"), "cursor");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"GET /v1/events/1", "POST /v1/events/1/cancel", "GET /v1/user/1/events"})
    void anIdIsAUuid(String route) {
      String[] request = route.split(" ", 2);

      assertNames(api.send(request[0], request[1], ""), "id");
    }
  }

  @Nested
  class CallingOff {

    @Test
    void aCancelledEventIsFollowedByNextYears() {
      String user = api.id(ada());
      String event = api.birthday(user).path("id").textValue();

      JsonNode cancelled = ok(api.post(Api.EVENTS + "/" + event + "/cancel"));

      assertThat(cancelled.path("status").textValue()).isEqualTo("CANCELLED");
      assertThat(cancelled.path("failure_reason").textValue()).isEqualTo("cancelled by hand");
      assertThat(texts(api.birthdays(user), "status")).containsExactly("PENDING", "CANCELLED");
      assertProblem(api.post(Api.EVENTS + "/" + event + "/cancel"), 409);
      assertProblem(api.post(Api.EVENTS + "/" + event + "/retry"), 409);
      assertThat(texts(api.birthdays(user), "status")).containsExactly("PENDING", "CANCELLED");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/v1/events/%s/cancel", "/v1/events/%s/retry", "/v1/dead-letters/%s/redrive"})
    void whatIsNotThereCannotBeChanged(String path) {
      assertProblem(api.post(path.formatted(UUID.randomUUID())), 404);
    }
  }

  @Test
  void anEventThatWaitsForARetryIsTriedNowWhenAsked() throws Exception {
    try (Hook hook = Hook.open(api, body -> body.putArray("retry").add("1h"))) {
      hook.postbox().answerOthers(Answer.status(503));
      String user = hook.userSoon();
      JsonNode waiting = api.awaitReason(user, "503");
      assertThat(waiting.path("retry_count").intValue()).isEqualTo(1);
      assertThat(Api.instant(waiting, "next_attempt_at"))
          .isAfter(Api.instant(waiting, "target_timestamp_utc").plusSeconds(3500));
      String path = Api.EVENTS + "/" + waiting.path("id").textValue() + "/retry";
      hook.postbox().answerOthers(Answer.accepted());

      ok(api.post(path));

      List<Delivery> deliveries = hook.postbox().await(user, 2);
      JsonNode done = api.await(user, "COMPLETED");
      assertThat(deliveries.get(1).header("carillon-attempt")).isEqualTo("2");
      assertThat(deliveries.get(1).webhookId()).isEqualTo(deliveries.get(0).webhookId());
      assertThat(done.path("retry_count").intValue()).isEqualTo(1);
      assertProblem(api.post(path), 409);
    }
  }

  @Nested
  class DeadLetters {

    @Test
    void aRefusedEventIsADeadLetterUntilItIsRedriven() throws Exception {
      String user = dead();
      JsonNode failed = api.await(user, "FAILED");
      String path = Api.DEAD_LETTERS + "/" + failed.path("id").textValue() + "/redrive";

      assertThat(failed.path("failure_reason").textValue()).contains("404");
      assertThat(deadLetters("user_id=" + user)).containsExactly(failed);
      assertThat(deadLetters("user_id=" + user + "&event_type=ANNIVERSARY")).isEmpty();
      assertThat(texts(api.birthdays(user), "status")).containsExactly("PENDING", "FAILED");

      postbox.answer(user, Answer.accepted());
      ok(api.post(path));

      assertThat(postbox.await(user, 2).get(1).webhookId())
          .isEqualTo("evt_" + failed.path("id").textValue());
      api.await(user, "COMPLETED");
      assertThat(deadLetters("user_id=" + user)).isEmpty();
      assertThat(texts(api.birthdays(user), "status")).containsExactly("PENDING", "COMPLETED");
      assertProblem(api.post(path), 409);
    }

    @Test
    void manyAreRedrivenByAFilter() throws Exception {
      String first = dead();
      String second = dead();
      api.await(first, "FAILED");
      api.await(second, "FAILED");
      postbox.answer(first, Answer.accepted());
      postbox.answer(second, Answer.accepted());

      assertThat(redriven("{\"user_id\":\"%s\"}".formatted(first))).isEqualTo(1);
      postbox.await(first, 2);
      api.await(first, "COMPLETED");
      api.await(second, "FAILED");
      assertThat(redriven("{\"from\":\"2999-01-01T00:00:00Z\"}")).isZero();
      assertThat(redriven("{\"event_type\":\"ANNIVERSARY\"}")).isZero();
      assertThat(redriven("{}")).isPositive();
      postbox.await(second, 2);
      api.await(second, "COMPLETED");
      assertThat(postbox.about(first)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "event_type|{\"event_type\":7}",
          "event_type|{\"event_type\":\"\"}",
          "event_type|{\"event_type\":\"\\u0000\"}",
          "event_type|{\"event_type\":\"\\ud800\"}",
          "user_id|{\"user_id\":\"1\"}",
          "from|{\"from\":\"+999999999-12-31T00:00:00Z\"}",
          "from|{\"from\":\"2026-01-01\"}",
          "to|{\"to\":\"2026-01-01T00:00:00Z\"}",
        })
    void aBadFilterIsNamed(String field, String body) {
      assertNames(api.send("POST", Api.DEAD_LETTERS + "/redrive", body), field);
    }

    private int redriven(String body) {
      return ok(api.send("POST", Api.DEAD_LETTERS + "/redrive", body)).path("redriven").intValue();
    }

    private List<JsonNode> deadLetters(String filter) {
      return list(api.read(Api.DEAD_LETTERS + "?" + filter), "events");
    }

    private String dead() {
      String user = api.id(adaSoon());
      postbox.answer(user, Answer.status(404));
      return user;
    }
  }

  @Test
  void theEventTypesAreThoseOfTheFile() {
    List<JsonNode> types = list(api.read("/v1/event-types"), "event_types");

    assertThat(texts(types, "name")).containsExactly("BIRTHDAY", "ANNIVERSARY");
    assertThat(texts(types, "on")).containsExactly("date_of_birth", "created_at");
    assertThat(texts(types, "local_time")).containsExactly("09:00", "10:00");
    assertThat(texts(types, "message").getLast()).contains("{first_name}", "{years}");
  }
}
