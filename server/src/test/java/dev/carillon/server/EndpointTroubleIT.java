package dev.carillon.server;

import static dev.carillon.server.Api.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Endpoints that fail, that are gone, and whose keys change while messages flow. */
class EndpointTroubleIT {

  private static final int ALERTED_AT = 4;
  private static final Duration LONGEST_OPENING = Duration.ofMinutes(5);

  private final Api api = Api.of(OwnEndpoints.server());

  @AfterAll
  static void nothingSecretIsWritten() {
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @Test
  void anOperatorIsToldOfTroubleOnceWithItsCause() throws Exception {
    try (Hook operator = Hook.open(api, body -> body.put("alerts", true));
        Hook failing = Hook.open(api, body -> body.putArray("retry").add("1h"))) {
      failing.postbox().answerOthers(Answer.status(503).withBody("on fire"));
      List<String> users = Stream.generate(failing::userSoon).limit(ALERTED_AT + 1).toList();

      Delivery told = operator.postbox().awaitAboutNobody(1).getFirst();
      assertThat(told.signed()).isTrue();
      assertThat(told.header("carillon-event-type")).isEqualTo("ENDPOINT_ALERT");
      assertAlert(told, "endpoint.failing", failing, "HTTP 503: on fire");
      assertThat(Postbox.body(told).at("/data/failures").intValue())
          .isGreaterThanOrEqualTo(ALERTED_AT);
      users.forEach(user -> api.awaitReason(user, "on fire"));
      JsonNode standing =
          until(failing::status, it -> it.path("failures_in_row").intValue() == 5, "5 in a row");
      assertThat(standing.path("cause").textValue()).isEqualTo("HTTP 503: on fire");

      failing.postbox().answerOthers(Answer.accepted());
      retry(users.get(0));
      Delivery recovered = operator.postbox().awaitAboutNobody(2).getLast();
      assertAlert(recovered, "endpoint.recovered", failing, "HTTP 503: on fire");

      failing.postbox().answerOthers(Answer.status(410).withBody("moved away"));
      retry(users.get(1));
      Delivery disabled = operator.postbox().awaitAboutNobody(3).getLast();
      assertAlert(disabled, "endpoint.disabled", failing, "HTTP 410: moved away");
      assertDisabledByItself(failing, users);
      assertThat(operator.postbox().all()).hasSize(3).allMatch(Delivery::signed);
      assertThat(api.send("DELETE", operator.path(), "").statusCode()).isEqualTo(204);
    }
  }

  /** The event that met the 410 has failed; the others wait and are not sent. */
  private void assertDisabledByItself(Hook hook, List<String> users) {
    int sent = hook.postbox().all().size();
    JsonNode endpoint = api.read(hook.path());
    assertThat(endpoint.path("disabled").booleanValue()).isTrue();
    assertThat(endpoint.path("disabled_reason").textValue()).contains("by itself", "HTTP 410");
    assertThat(hook.status().path("state").textValue()).isEqualTo("disabled");
    assertThat(api.await(users.get(0), "COMPLETED")).isNotNull();
    assertThat(api.await(users.get(1), "FAILED").path("failure_reason").textValue())
        .isEqualTo("HTTP 410: moved away");
    retry(users.get(2));
    JsonNode held = api.awaitReason(users.get(2), "the endpoint is disabled");
    assertThat(held.path("status").textValue()).isEqualTo("PENDING");
    assertThat(hook.postbox().all()).hasSize(sent);
  }

  private void retry(String user) {
    String event = api.birthday(user).path("id").textValue();
    Api.ok(api.post(Api.EVENTS + "/" + event + "/retry"));
  }

  private static void assertAlert(Delivery delivery, String type, Hook about, String cause) {
    JsonNode body = Postbox.body(delivery);
    assertThat(body.path("type").textValue()).isEqualTo(type);
    assertThat(body.at("/data/endpoint_id").textValue()).isEqualTo(about.id());
    assertThat(body.at("/data/endpoint_name").textValue()).isEqualTo(about.name());
    assertThat(body.at("/data/cause").textValue()).isEqualTo(cause);
  }

  @Test
  void anEndpointThatAsksToWaitIsLeftAloneUntilItIsEnabled() throws Exception {
    try (Hook hook = Hook.open(api)) {
      hook.postbox().answerOthers(Answer.status(503).withHeader("Retry-After", "3600"));
      List<String> asked = Stream.generate(hook::userSoon).limit(ALERTED_AT).toList();
      for (String user : asked) {
        JsonNode waiting = api.awaitReason(user, "HTTP 503");
        assertThat(Api.instant(waiting, "next_attempt_at"))
            .isAfter(Api.instant(waiting, "target_timestamp_utc").plusSeconds(3500));
      }
      JsonNode standing =
          until(hook::status, it -> "open".equals(it.path("state").asText()), "open");
      assertThat(Api.instant(standing, "open_until")).isBefore(Instant.now().plus(LONGEST_OPENING));
      hook.postbox().answerOthers(Answer.accepted());
      String another = hook.userSoon();
      api.awaitReason(another, "left alone until " + standing.path("open_until").textValue());
      assertThat(hook.postbox().all()).hasSize(ALERTED_AT);

      hook.post("enable");
      asked.forEach(this::retry);

      asked.forEach(user -> api.await(user, "COMPLETED"));
      api.await(another, "COMPLETED");
      assertThat(hook.postbox().all()).hasSize(2 * ALERTED_AT + 1);
      assertThat(hook.status().path("state").textValue()).isEqualTo("closed");
    }
  }

  @Test
  void messagesVerifyWithTheOldAndTheNewSecretDuringAnOverlap() throws Exception {
    try (Hook hook = Hook.open(api)) {
      hook.postbox().trusting();
      List<String> before = Stream.generate(hook::userSoon).limit(2).toList();
      hook.postbox().await(before.get(0), 1);
      List<String> flowing = Stream.generate(hook::userSoon).limit(4).toList();
      String next = hook.post("rotate", "{\"overlap\": \"1h\"}").path("secret").textValue();
      List<String> after = Stream.generate(hook::userSoon).limit(2).toList();
      List<Delivery> overlapping = arrived(hook, after);

      assertThat(overlapping).allMatch(Delivery::signed);
      assertThat(overlapping).allMatch(delivery -> Signatures.verifies(next, delivery));
      assertThat(arrived(hook, before)).allMatch(Delivery::signed);
      assertThat(arrived(hook, before)).noneMatch(each -> Signatures.verifies(next, each));
      assertThat(arrived(hook, flowing)).allMatch(Delivery::signed);

      String last = hook.post("rotate", "{\"overlap\": \"0s\"}").path("secret").textValue();
      Delivery alone = hook.postbox().await(hook.userSoon(), 1).getFirst();

      assertThat(Signatures.verifies(last, alone)).isTrue();
      assertThat(Signatures.verifies(next, alone)).isFalse();
      assertThat(alone.signed()).isFalse();
    }
  }

  private static List<Delivery> arrived(Hook hook, List<String> users) throws Exception {
    for (String user : users) {
      hook.postbox().await(user, 1);
    }
    return users.stream().flatMap(user -> hook.postbox().about(user).stream()).toList();
  }
}
