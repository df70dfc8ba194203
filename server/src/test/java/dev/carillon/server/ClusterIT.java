package dev.carillon.server;

import static dev.carillon.server.Api.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.receiver.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two processes on one database. */
class ClusterIT {

  private static final Duration HEARD_WITHIN = Duration.ofSeconds(2);
  private static final String OTHER_KEY = "b3RoZXIga2V5IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXM=";

  private final Api one = Api.of(OwnEndpoints.server());

  @AfterAll
  static void nothingSecretIsWritten() {
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @Test
  void whatIsChangedAtOneIsHonouredByTheOther() throws Exception {
    try (Hook hook = Hook.open(one, body -> body.put("name", "default"));
        RunningServer second = RunningServer.start(environment(OwnEndpoints.ENCRYPTION_KEY))) {
      Api other = Api.of(second);
      hook.postbox().trusting();
      assertGreeting(second, hook);
      assertRotationIsHeard(hook, other);
      assertDisablingIsHeard(hook, other);
      assertThat(one.send("DELETE", hook.path(), "").statusCode()).isEqualTo(204);
    }
  }

  /** It names the default endpoint, without what may be secret of its URL. */
  private static void assertGreeting(RunningServer server, Hook hook) {
    String line = "  delivers  to default: http://" + hook.postbox().url().getRawAuthority();
    until(server::err, err -> err.contains(line), line);
  }

  private static void assertRotationIsHeard(Hook hook, Api other) {
    Hook elsewhere = new Hook(other, hook.made(), hook.postbox());
    assertThat(pinged(elsewhere).signed()).isTrue();

    String secret = hook.post("rotate", "{\"overlap\": \"0s\"}").path("secret").textValue();
    long rotated = System.nanoTime();
    Delivery delivery =
        until(() -> pinged(elsewhere), it -> Signatures.verifies(secret, it), "newly signed");

    assertThat(delivery.signed()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - rotated)).isLessThan(HEARD_WITHIN);
  }

  private static Delivery pinged(Hook hook) {
    String id = hook.post("ping").path("webhook_id").textValue();
    return hook.postbox().aboutNobody().stream()
        .filter(delivery -> delivery.webhookId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Whichever of the two claims the events holds them back, and lets them go. */
  private void assertDisablingIsHeard(Hook hook, Api other) throws Exception {
    int sent = hook.postbox().all().size();
    Api.ok(other.post(hook.path() + "/disable"));
    List<String> users = Stream.generate(hook::userSoon).limit(8).toList();
    for (String user : users) {
      JsonNode held = one.awaitReason(user, "the endpoint is disabled");
      assertThat(held.path("status").textValue()).isEqualTo("PENDING");
    }
    assertThat(hook.postbox().all()).hasSize(sent);

    hook.post("enable");

    for (String user : users) {
      hook.postbox().await(user, 1);
      other.await(user, "COMPLETED");
    }
    assertThat(hook.postbox().all()).hasSize(sent + users.size());
    for (String user : users) {
      one.send("DELETE", Api.USERS + "/" + user, "");
    }
  }

  @Test
  void aProcessThatCannotReadTheSecretsDoesNotStart() {
    Hook.open(one).close();

    assertThatThrownBy(() -> RunningServer.start(environment(OTHER_KEY)))
        .rootCause()
        .hasMessageContaining("ENCRYPTION_KEY differs")
        .hasMessageContaining("Set ENCRYPTION_KEY to")
        .hasMessageNotContainingAny(OTHER_KEY, OwnEndpoints.ENCRYPTION_KEY);
  }

  private static Map<String, String> environment(String encryptionKey) {
    return Map.of(
        "DATABASE_URL",
        OwnEndpoints.databaseUrl(),
        "ENCRYPTION_KEY",
        encryptionKey,
        "WEBHOOK_ALLOWED_CIDRS",
        "127.0.0.0/8",
        "WEBHOOK_ALLOW_HTTP",
        "true");
  }
}
