package dev.carillon.server;

import static dev.carillon.server.Api.ada;
import static dev.carillon.server.Api.adaSoon;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.instant;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.security.Role;
import dev.carillon.testkit.receiver.Delivery;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class UserIT {

  private final RunningServer server = RunningServer.shared();
  private final Api api = Api.of(server);

  @Nested
  class LifeOfAUser {

    @Test
    void aNewUserHasAnEventOfEachTypeInTheColumnsOfTheSpecification() {
      HttpResponse<String> made = api.send("POST", Api.USERS, ada().toString());
      String user = Api.json(made).path("id").textValue();
      List<JsonNode> events = list(api.read(Api.USERS + "/" + user + "/events"), "events");

      assertThat(made.statusCode()).isEqualTo(201);
      assertThat(made.headers().firstValue("location"))
          .hasValue(server.base() + Api.USERS + "/" + user);
      assertThat(texts(events, "event_type")).containsExactlyInAnyOrder("BIRTHDAY", "ANNIVERSARY");
      assertThat(texts(events, "status")).containsOnly("PENDING");
      JsonNode birthday = api.birthday(user);
      assertThat(birthday.properties().stream().map(each -> each.getKey()))
          .contains(
              "id",
              "user_id",
              "event_type",
              "status",
              "target_timestamp_utc",
              "target_timestamp_local",
              "target_timezone",
              "executed_at",
              "failure_reason",
              "retry_count",
              "version",
              "idempotency_key",
              "delivery_payload",
              "created_at",
              "updated_at");
      assertThat(birthday.path("target_timestamp_local").textValue()).endsWith("T09:00:00");
      assertThat(birthday.path("target_timezone").textValue()).isEqualTo("Europe/London");
      assertThat(birthday.path("delivery_payload").path("first_name").textValue()).isEqualTo("Ada");
      assertThat(api.read(Api.EVENTS + "/" + birthday.path("id").textValue())).isEqualTo(birthday);
    }

    @Test
    void whatIsAnsweredToACreationIsWhatIsReadLater() {
      JsonNode made = api.create(ada().put("leap_day_policy", "MAR_1").put("first_name", " Zoë "));

      assertThat(made.path("first_name").textValue()).isEqualTo("Zoë");
      assertThat(api.read(Api.USERS + "/" + made.path("id").textValue())).isEqualTo(made);
      assertThat(list(api.read(Api.USERS + "?limit=1"), "users")).containsExactly(made);
    }

    @Test
    void aChangeKeepsTheEventAndMovesItsTime() {
      String user = api.id(ada());
      JsonNode before = api.birthday(user);

      JsonNode changed =
          ok(
              api.send(
                  "PUT", Api.USERS + "/" + user, ada().put("delivery_time", "21:30").toString()));

      assertThat(api.birthdays(user)).hasSize(1);
      JsonNode after = api.birthday(user);
      assertThat(changed.path("delivery_time").textValue()).isEqualTo("21:30:00");
      assertThat(api.read(Api.USERS + "/" + user)).isEqualTo(changed);
      assertThat(after.path("id")).isEqualTo(before.path("id"));
      assertThat(after.path("idempotency_key")).isEqualTo(before.path("idempotency_key"));
      assertThat(instant(after, "target_timestamp_utc"))
          .isEqualTo(instant(before, "target_timestamp_utc").plus(Duration.ofMinutes(750)));
    }

    @Test
    void aDeletionCancelsTheEvents() {
      String user = api.id(ada());

      assertThat(api.send("DELETE", Api.USERS + "/" + user, "").statusCode()).isEqualTo(204);

      assertThat(texts(api.birthdays(user), "status")).containsExactly("CANCELLED");
      assertThat(texts(api.events(user, "ANNIVERSARY"), "status")).containsExactly("CANCELLED");
      assertThat(api.birthday(user).path("failure_reason").textValue()).contains("deleted");
      assertProblem(api.get(Api.USERS + "/" + user), 404);
      assertProblem(api.get(Api.USERS + "/" + user + "/events"), 404);
      assertProblem(api.send("PUT", Api.USERS + "/" + user, ada().toString()), 404);
      assertProblem(api.send("DELETE", Api.USERS + "/" + user, ""), 404);
    }

    @Test
    void pagesOfUsersHaveNoGapAndNoRepetition() {
      List<String> made = IntStream.range(0, 5).mapToObj(_ -> api.id(ada())).toList();

      List<String> read = new ArrayList<>();
      String cursor = "";
      while (read.size() < made.size()) {
        JsonNode page = api.read(Api.USERS + "?limit=2" + cursor);
        read.addAll(texts(list(page, "users"), "id"));
        cursor = "&cursor=" + page.path("next_cursor").textValue();
      }

      assertThat(read.subList(0, made.size())).isEqualTo(made.reversed());
    }
  }

  @Test
  void aBirthdayIsDeliveredOnceAndFollowedByTheNext() throws Exception {
    String user = api.id(adaSoon());

    Delivery delivery = RunningServer.postbox().await(user, 1).getFirst();
    JsonNode done = api.await(user, "COMPLETED");

    assertThat(delivery.signed()).isTrue();
    assertThat(delivery.webhookId()).isEqualTo("evt_" + done.path("id").textValue());
    assertThat(delivery.header("carillon-attempt")).isEqualTo("1");
    assertThat(delivery.header("carillon-event-type")).isEqualTo("BIRTHDAY");
    assertThat(delivery.header("carillon-late-seconds")).isNull();
    assertThat(Postbox.body(delivery).path("data").path("message").textValue())
        .isEqualTo("Hey, Ada Lovelace it's your birthday");
    assertThat(delivery.at())
        .isBetween(
            instant(done, "target_timestamp_utc"),
            instant(done, "target_timestamp_utc").plusSeconds(5));
    assertThat(instant(done, "executed_at")).isAfter(instant(done, "target_timestamp_utc"));
    List<JsonNode> all = api.birthdays(user);
    assertThat(texts(all, "status")).containsExactly("PENDING", "COMPLETED");
    assertThat(all.getFirst().path("target_timestamp_local").textValue().substring(5))
        .isEqualTo(done.path("target_timestamp_local").textValue().substring(5));
    assertThat(RunningServer.postbox().about(user)).hasSize(1);
    assertThat(server.send(server.request("/metrics")).body())
        .containsPattern(
            "carillon_attempt_seconds_count\\{outcome=\"succeeded\",type=\"BIRTHDAY\"}")
        .containsPattern("carillon_event_lateness_seconds_count\\{type=\"BIRTHDAY\"}")
        .containsPattern("carillon_events_late_total\\{type=\"BIRTHDAY\"} 0.0");
  }

  @Nested
  class WhoMayDoWhat {

    private final String own = api.id(ada());
    private final Api self = api.as(Role.USER, own);

    @Test
    void aUserReachesTheirOwnData() {
      String event = self.read(Api.USERS + "/" + own + "/events").at("/events/0/id").textValue();

      assertThat(self.read(Api.USERS + "/" + own).path("id").textValue()).isEqualTo(own);
      assertThat(self.read(Api.EVENTS + "/" + event).path("user_id").textValue()).isEqualTo(own);
      ok(self.send("PUT", Api.USERS + "/" + own, ada().put("last_name", "King").toString()));
      assertThat(self.send("DELETE", Api.USERS + "/" + own, "").statusCode()).isEqualTo(204);
    }

    @Test
    void nobodyElsesData() {
      String other = api.id(ada());
      String event = api.birthday(other).path("id").textValue();
      JsonNode before = api.read(Api.USERS + "/" + other);

      assertProblem(self.get(Api.USERS + "/" + other), 403);
      assertProblem(self.send("PUT", Api.USERS + "/" + other, ada().toString()), 403);
      assertProblem(self.send("DELETE", Api.USERS + "/" + other, ""), 403);
      assertProblem(self.get(Api.USERS + "/" + other + "/events"), 403);
      assertProblem(self.get(Api.EVENTS + "/" + event), 403);
      assertProblem(self.get(Api.USERS + "/" + UUID.randomUUID()), 403);
      assertThat(api.read(Api.USERS + "/" + other)).isEqualTo(before);
    }

    static Stream<String> whatUsersMayNotDo() {
      return Stream.of(
          "GET /v1/user",
          "POST /v1/user",
          "GET /v1/events",
          "POST /v1/events/%s/cancel",
          "POST /v1/events/%s/retry",
          "GET /v1/dead-letters",
          "POST /v1/dead-letters/%s/redrive",
          "POST /v1/dead-letters/redrive",
          "GET /v1/event-types",
          "GET /v1/api-keys");
    }

    @ParameterizedTest
    @MethodSource("whatUsersMayNotDo")
    void aUserDoesNotOperate(String route) {
      String[] request = route.formatted(api.birthday(own).path("id").textValue()).split(" ", 2);
      String body = "POST".equals(request[0]) ? ada().toString() : "";

      assertProblem(self.send(request[0], request[1], body), 403);
      assertThat(texts(api.birthdays(own), "status")).containsExactly("PENDING");
    }

    @ParameterizedTest
    @EnumSource(names = {"ADMIN", "SERVICE"})
    void administratorsAndServicesMay(Role role) {
      Api operator = api.as(role, "operator");
      String user = operator.id(ada());

      assertThat(operator.read(Api.USERS + "/" + user).path("id").textValue()).isEqualTo(user);
      assertThat(list(operator.read(Api.EVENTS + "?user_id=" + user), "events")).hasSize(2);
      assertThat(list(operator.read(Api.DEAD_LETTERS), "events")).isNotNull();
      ok(operator.post(Api.EVENTS + "/" + operator.birthday(user).path("id").asText() + "/cancel"));
      assertThat(operator.send("DELETE", Api.USERS + "/" + user, "").statusCode()).isEqualTo(204);
    }
  }
}
