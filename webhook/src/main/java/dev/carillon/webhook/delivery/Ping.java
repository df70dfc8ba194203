package dev.carillon.webhook.delivery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.EventIds;
import dev.carillon.webhook.http.Exchanged;
import dev.carillon.webhook.http.WebhookClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;

/**
 * Sends a message without meaning, to see whether an endpoint takes messages: at once, to a
 * disabled endpoint too, and counted nowhere.
 *
 * @param client makes the exchange
 * @param clock the time of the message
 */
public record Ping(WebhookClient client, InstantSource clock) {

  /** The type of the message. */
  public static final String TYPE = "webhook.ping";

  private static final String ID_PREFIX = "ping_";

  /**
   * What came of it.
   *
   * @param id the {@code webhook-id} of the message
   * @param delivered whether the endpoint took it
   * @param details status, response or error, timings
   */
  public record Pong(String id, boolean delivered, ObjectNode details) {}

  /** Sends one. */
  public Pong send(Receiver receiver) throws InterruptedException {
    UUID unique = new EventIds(clock).next();
    Instant now = clock.instant();
    String id = ID_PREFIX + unique;
    ObjectNode payload =
        JsonNodeFactory.instance.objectNode().put("type", TYPE).put("timestamp", now.toString());
    payload.putObject("data").put("endpoint_id", receiver.id().toString());
    Exchanged exchanged = client.post(Messages.of(id, payload.toString(), Map.of(), receiver, now));
    Judgement judgement = ResponseRules.judge(exchanged, receiver.policy(), clock.instant());
    return new Pong(id, judgement instanceof Judgement.Done, Receipts.json(exchanged, judgement));
  }
}
