package dev.carillon.testkit.receiver;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One webhook as it arrived.
 *
 * @param webhookId the {@code webhook-id} header; empty if there was none
 * @param number how many deliveries with this webhook id have arrived, this one included
 * @param headers the first value of each header, by its name in lower case
 * @param body the body, read as UTF-8
 * @param at when it arrived, by the receiver's clock
 * @param signed whether one of its signatures was made with one of the receiver's secrets
 */
public record Delivery(
    String webhookId,
    int number,
    Map<String, String> headers,
    String body,
    Instant at,
    boolean signed) {

  public Delivery {
    headers = Map.copyOf(headers);
  }

  /** The first value of a header; null if it was not sent. */
  public @Nullable String header(String nameInLowerCase) {
    return headers.get(nameInLowerCase);
  }
}
