package dev.carillon.server;

import static dev.carillon.server.Api.ada;
import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static dev.carillon.server.Api.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.security.Role;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where messages go, what is kept of each attempt, and sending them again. */
class DeliveryIT {

  private final RunningServer server = OwnEndpoints.server();
  private final Api api = Api.of(server);

  @AfterAll
  static void nothingSecretIsWritten() {
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @Test
  void eventsWaitForADefaultEndpointAndGoOutOnceThereIsOne() throws Exception {
    until(
        server::err,
        lines -> lines.stream().anyMatch(line -> line.contains("delivers  nothing yet")),
        "a greeting that says so");
    // Other tests of this server may have made one.
    api.send("DELETE", "/v1/endpoints/default", "");
    String user = api.soon(_ -> {});

    JsonNode waiting = api.awaitReason(user, "there is no endpoint default");

    assertThat(waiting.path("status").textValue()).isEqualTo("PENDING");
    assertThat(waiting.path("retry_count").intValue()).isZero();
    awaitHealth(false, 1);
    try (Hook hook = Hook.open(api, body -> body.put("name", "default"))) {
      assertThat(hook.postbox().await(user, 1)).singleElement().matches(Delivery::signed);
      api.await(user, "COMPLETED");
      awaitHealth(true, 0);
      assertThat(api.send("DELETE", hook.path(), "").statusCode()).isEqualTo(204);
      awaitHealth(false, 0);
    }
  }

  /** Other tests may leave events behind that are held. */
  private void awaitHealth(boolean delivering, int heldAtLeast) {
    until(
        () -> api.read("/health").path("events"),
        events ->
            events.path("delivering").booleanValue() == delivering
                && events.path("held").intValue() >= heldAtLeast,
        "delivering=%s held>=%d".formatted(delivering, heldAtLeast));
  }

  @Nested
  class Choosing {

    @Test
    void usersChooseAnEndpointByItsNameOrItsId() throws Exception {
      try (Hook one = Hook.open(api);
          Hook other = Hook.open(api)) {
        String first = api.soon(user -> user.put("endpoint", one.name()));
        String second = api.soon(user -> user.put("endpoint", other.id()));

        assertThat(chosen(first)).isEqualTo(one.id());
        assertThat(chosen(second)).isEqualTo(other.id());
        assertThat(one.postbox().await(first, 1)).singleElement().matches(Delivery::signed);
        assertThat(other.postbox().await(second, 1)).singleElement().matches(Delivery::signed);
        assertThat(one.postbox().about(second)).isEmpty();
        assertThat(other.postbox().about(first)).isEmpty();
      }
    }

    private String chosen(String user) {
      return api.read(Api.USERS + "/" + user).path("endpoint").textValue();
    }

    @Test
    void anUnknownEndpointIsRefused() {
      assertNames(
          api.send("POST", Api.USERS, ada().put("endpoint", "nobody").toString()), "endpoint");
    }

    @Test
    void whoHasTheRoleUserChangesAllButTheEndpoint() {
      try (Hook chosen = Hook.open(api);
          Hook other = Hook.open(api)) {
        String id = api.id(ada().put("endpoint", chosen.id()));
        String path = Api.USERS + "/" + id;
        Api user = api.as(Role.USER, id);

        assertProblem(user.send("PUT", path, ada().put("endpoint", other.id()).toString()), 403);
        assertProblem(user.send("PUT", path, ada().put("endpoint", "missing").toString()), 403);
        JsonNode changed =
            ok(user.send("PUT", path, ada().put("first_name", "Augusta").toString()));
        ok(user.send("PUT", path, ada().put("endpoint", chosen.id()).toString()));

        assertThat(changed.path("first_name").textValue()).isEqualTo("Augusta");
        assertThat(api.read(path).path("endpoint").textValue()).isEqualTo(chosen.id());
      }
    }

    @Test
    void aChosenEndpointIsNotDeleted() {
      try (Hook hook = Hook.open(api)) {
        String path = Api.USERS + "/" + api.id(ada().put("endpoint", hook.id()));

        assertProblem(api.send("DELETE", hook.path(), ""), 409);

        ok(api.send("PUT", path, ada().toString()));
        assertThat(api.send("DELETE", hook.path(), "").statusCode()).isEqualTo(204);
      }
    }
  }

  @Nested
  class Pinging {

    @Test
    void aTestMessageIsAnsweredWithWhatCameOfIt() throws Exception {
      try (Hook hook = Hook.open(api)) {
        JsonNode taken = hook.post("ping");
        hook.postbox().answerOthers(Answer.status(500).withBody("out of order"));
        JsonNode refused = hook.post("ping");

        Delivery first = hook.postbox().awaitAboutNobody(2).getFirst();
        assertThat(first.signed()).isTrue();
        assertThat(first.webhookId()).isEqualTo(taken.path("webhook_id").textValue());
        assertThat(Postbox.body(first).path("type").textValue()).isEqualTo("webhook.ping");
        assertThat(taken.path("delivered").booleanValue()).isTrue();
        assertThat(taken.at("/details/status").intValue()).isEqualTo(204);
        assertThat(taken.at("/details/timings/total_ms").doubleValue()).isPositive();
        assertThat(refused.path("delivered").booleanValue()).isFalse();
        assertThat(refused.at("/details/status").intValue()).isEqualTo(500);
        assertThat(refused.at("/details/response").textValue()).isEqualTo("out of order");
      }
    }

    @Test
    void whoDoesNotListenIsToldWithTheError() {
      Hook hook = Hook.open(api);
      hook.close();

      JsonNode pong = hook.post("ping");

      assertThat(pong.path("delivered").booleanValue()).isFalse();
      assertThat(pong.at("/details/status").isMissingNode()).isTrue();
      assertThat(pong.at("/details/error").textValue()).containsIgnoringCase("refused");
    }

    @Test
    void aDisabledEndpointGetsItToo() throws Exception {
      try (Hook hook = Hook.open(api, body -> body.put("disabled", true))) {
        assertThat(hook.post("ping").path("delivered").booleanValue()).isTrue();
        assertThat(hook.postbox().awaitAboutNobody(1)).hasSize(1);
        assertThat(hook.status().path("state").textValue()).isEqualTo("disabled");
      }
    }

    @Test
    void whoIsNotThereGetsNone() {
      assertProblem(api.post(Hook.ENDPOINTS + "/nobody/ping"), 404);
    }
  }

  @Test
  void aDisabledEndpointsEventsWaitAndGoOutOnceWhenItIsEnabled() throws Exception {
    try (Hook hook = Hook.open(api)) {
      hook.post("disable");
      List<String> users = Stream.generate(hook::userSoon).limit(3).toList();
      for (String user : users) {
        JsonNode held = api.awaitReason(user, "the endpoint is disabled");
        assertThat(held.path("status").textValue()).isEqualTo("PENDING");
      }
      JsonNode standing = until(hook::status, it -> it.path("held").intValue() == 3, "3 held");
      assertThat(standing.path("state").textValue()).isEqualTo("disabled");
      assertThat(hook.postbox().all()).isEmpty();

      hook.post("enable");

      for (String user : users) {
        hook.postbox().await(user, 1);
        assertThat(api.await(user, "COMPLETED").path("retry_count").intValue()).isZero();
      }
      assertThat(hook.postbox().all()).hasSize(3);
      assertThat(hook.status().path("state").textValue()).isEqualTo("closed");
      assertThat(hook.status().path("held").intValue()).isZero();
    }
  }

  @Test
  void anEndpointMayHavePublicKeys() throws Exception {
    try (Hook hook = Hook.open(api, body -> body.put("signature", "v1a").remove("secret"))) {
      hook.postbox().trusting();
      String user = hook.userSoon();
      JsonNode keys = api.read(hook.path() + "/public-keys").path("public_keys");
      assertThat(keys).hasSize(1);
      String key = keys.path(0).path("public_key").textValue();

      Delivery delivery = hook.postbox().await(user, 1).getFirst();

      assertThat(key).isEqualTo(hook.made().path("public_key").textValue());
      assertThat(Signatures.verifiesPublicly(key, delivery)).isTrue();
    }
  }

  @Nested
  class Attempts {

    @Test
    void everyAttemptIsLoggedWithWhatCameOfIt() {
      try (Hook hook = Hook.open(api, body -> body.putArray("retry").add("1s").add("1s"))) {
        String user = hook.userSoon();
        hook.postbox()
            .answer(
                user,
                delivery ->
                    delivery.number() > 2
                        ? Answer.accepted()
                        : Answer.status(503).withBody("busy"));
        String event = api.await(user, "COMPLETED").path("id").textValue();

        List<JsonNode> attempts =
            list(api.read(Api.EVENTS + "/" + event + "/attempts"), "attempts");

        assertThat(texts(attempts, "attempt")).containsExactly("3", "2", "1");
        assertThat(texts(attempts, "result")).containsExactly("completed", "retried", "retried");
        assertThat(texts(attempts, "endpoint")).containsOnly(hook.id());
        assertThat(attempts)
            .extracting(attempt -> attempt.at("/details/status").intValue())
            .containsExactly(204, 503, 503);
        assertThat(attempts.getFirst().path("reason").isNull()).isTrue();
        assertThat(attempts.getLast().path("reason").textValue()).isEqualTo("HTTP 503: busy");
        assertThat(attempts.getLast().at("/details/response").textValue()).isEqualTo("busy");
        assertThat(attempts.getLast().at("/details/timings/connect_ms").isNumber()).isTrue();
        assertThat(attempts).allSatisfy(DeliveryIT::assertTimed);
        assertPaged(hook, attempts);
      }
    }

    private void assertPaged(Hook hook, List<JsonNode> all) {
      String path = hook.path() + "/attempts";

      JsonNode first = api.read(path + "?limit=2");
      JsonNode second = api.read(path + "?limit=2&cursor=" + first.path("next_cursor").textValue());

      assertThat(list(first, "attempts")).isEqualTo(all.subList(0, 2));
      assertThat(first.path("has_more").booleanValue()).isTrue();
      assertThat(list(second, "attempts")).isEqualTo(all.subList(2, 3));
      assertThat(second.path("has_more").booleanValue()).isFalse();
      assertThat(second.path("next_cursor").isNull()).isTrue();
      assertThat(list(api.read(path + "?result=retried"), "attempts")).isEqualTo(all.subList(1, 3));
      assertThat(list(api.read(path + "?result=failed"), "attempts")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "cursor, x",
      "cursor, ''",
      "cursor, 1.1-1-1-1-1",
      "cursor, 1784000000000000.0190",
      "cursor, 999999999999999999999.019e830e-1a00-7ef8-8bc0-f8839d92d41d",
      "result, COMPLETED",
      "result, done",
      "limit, 0",
      "limit, 501",
      "status, 503",
    })
    void aBadParameterIsNamed(String name, String value) {
      try (Hook hook = Hook.open(api)) {
        assertNames(api.get(hook.path() + "/attempts?" + name + "=" + value), name);
      }
    }
  }

  private static void assertTimed(JsonNode attempt) {
    assertThat(attempt.at("/details/timings/first_byte_ms").doubleValue()).isPositive();
    assertThat(attempt.at("/details/timings/total_ms").doubleValue())
        .isGreaterThanOrEqualTo(attempt.at("/details/timings/first_byte_ms").doubleValue());
    assertThat(Api.instant(attempt, "ended_at")).isAfter(Api.instant(attempt, "started_at"));
  }

  @Nested
  class Replaying {

    @Test
    void whatFailedIsSentAgainOnceHoweverOftenItIsAsked() throws Exception {
      try (Hook hook = Hook.open(api)) {
        Instant before = Instant.now();
        hook.postbox().answerOthers(Answer.status(404));
        List<String> users = Stream.generate(hook::userSoon).limit(2).toList();
        for (String user : users) {
          api.await(user, "FAILED");
        }
        hook.postbox().answerOthers(Answer.accepted());

        assertThat(replayed(hook, "2999-01-01T00:00:00Z")).isZero();
        assertThat(replayed(hook, before.toString())).isEqualTo(2);
        assertThat(replayed(hook, before.toString())).isZero();

        for (String user : users) {
          List<Delivery> deliveries = hook.postbox().await(user, 2);
          assertThat(deliveries.getLast().webhookId()).isEqualTo(deliveries.getFirst().webhookId());
          api.await(user, "COMPLETED");
        }
        assertThat(replayed(hook, before.toString())).isZero();
        assertThat(hook.postbox().all()).hasSize(4);
      }
    }

    private int replayed(Hook hook, String since) {
      return hook.post("replay", "{\"since\": \"%s\"}".formatted(since))
          .path("replayed")
          .intValue();
    }

    @Test
    void aReplaySaysSinceWhen() {
      try (Hook hook = Hook.open(api)) {
        String path = hook.path() + "/replay";

        assertNames(api.send("POST", path, "{}"), "since");
        assertNames(api.send("POST", path, "{\"since\": \"yesterday\"}"), "since");
      }
    }

    @Test
    void aCompletedEventIsSentOnceMoreUnderItsIdAndLogged() throws Exception {
      try (Hook hook = Hook.open(api)) {
        String user = hook.userSoon();
        String event = api.await(user, "COMPLETED").path("id").textValue();
        String path = Api.EVENTS + "/" + event;

        ok(api.post(path + "/replay"));
        JsonNode replayed = ok(api.post(path + "/replay"));

        List<Delivery> deliveries = hook.postbox().await(user, 3);
        assertThat(deliveries).extracting(Delivery::webhookId).containsOnly("evt_" + event);
        assertThat(deliveries).allMatch(Delivery::signed);
        assertThat(deliveries).extracting(Delivery::body).containsOnly(deliveries.get(0).body());
        assertThat(replayed.path("result").textValue()).isEqualTo("completed");
        assertThat(list(api.read(path + "/attempts"), "attempts")).hasSize(3).contains(replayed);
        assertThat(api.birthday(user).path("status").textValue()).isEqualTo("COMPLETED");
      }
    }

    @Test
    void whatHasNotBeenCompletedIsNotReplayed() {
      String pending = api.birthday(api.id(ada())).path("id").textValue();

      HttpResponse<String> response = api.post(Api.EVENTS + "/" + pending + "/replay");

      assertProblem(response, 409);
      assertThat(response.body()).contains("PENDING");
    }
  }
}
