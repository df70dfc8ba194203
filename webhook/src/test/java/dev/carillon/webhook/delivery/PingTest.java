package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PingTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();

  private final WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
  private final WebhookClient client = Senders.client();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @Test
  void anEndpointThatTakesItIsWell() throws Exception {
    Receiver found = receiver(receiver.url());
    Ping.Pong pong = new Ping(client, CLOCK).send(found);
    assertThat(pong.delivered()).isTrue();
    assertThat(pong.details().get("status").asInt()).isEqualTo(204);
    assertThat(receiver.deliveries())
        .singleElement()
        .satisfies(delivery -> {
          assertThat(delivery.signed()).isTrue();
          assertThat(delivery.webhookId()).isEqualTo(pong.id()).startsWith("ping_");
          JsonNode message = Deliverer.json(delivery.body());
          assertThat(message.get("type").asText()).isEqualTo("webhook.ping");
          assertThat(message.get("data").get("endpoint_id").asText())
              .isEqualTo(found.id().toString());
        });
  }

  @Test
  void eachHasAnIdOfItsOwn() throws Exception {
    Ping ping = new Ping(client, CLOCK);
    assertThat(ping.send(receiver(receiver.url())).id())
        .isNotEqualTo(ping.send(receiver(receiver.url())).id());
  }

  @Test
  void anEndpointThatRefusesItSaysWhy() throws Exception {
    receiver.answer(_ -> Answer.status(410).withBody("no more"));
    Ping.Pong pong = new Ping(client, CLOCK).send(receiver(receiver.url()));
    assertThat(pong.delivered()).isFalse();
    assertThat(pong.details().get("status").asInt()).isEqualTo(410);
    assertThat(pong.details().get("response").asText()).isEqualTo("no more");
  }

  @Test
  void anEndpointThatIsNotThereIsNotDeliveredTo() throws Exception {
    Ping.Pong pong =
        new Ping(client, CLOCK).send(receiver(URI.create("http://crm.invalid/?token=hunter2")));
    assertThat(pong.delivered()).isFalse();
    assertThat(pong.details().get("error").asText()).isEqualTo("the host name was not found");
    assertThat(pong.toString()).doesNotContain("hunter2", "crm.invalid");
  }

  @Test
  void aRefusedAddressIsNotTold() throws Exception {
    try (WebhookClient strict = Senders.strictClient()) {
      Ping.Pong pong = new Ping(strict, CLOCK).send(receiver(receiver.url()));
      assertThat(pong.delivered()).isFalse();
      assertThat(pong.details().get("error").asText()).isEqualTo(Verdict.GENERIC_REASON);
      assertThat(receiver.count()).isZero();
    }
  }

  private static Receiver receiver(URI url) {
    return Senders.receiver(url, Duration.ofSeconds(30), KEY);
  }
}
