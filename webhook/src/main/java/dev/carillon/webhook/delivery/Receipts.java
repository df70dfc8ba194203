package dev.carillon.webhook.delivery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.target.Receipt;
import dev.carillon.webhook.http.Exchanged;
import dev.carillon.webhook.http.Fault;
import dev.carillon.webhook.http.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the attempts log keeps of an exchange, as JSON. */
final class Receipts {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double ROUNDING = 1000;

  private Receipts() {}

  static Receipt of(UUID endpoint, Instant startedAt, Exchanged exchanged, Judgement judgement) {
    return new Receipt(endpoint, startedAt, json(exchanged, judgement).toString());
  }

  /** Status, response and error, and how long each part took. */
  static ObjectNode json(Exchanged exchanged, Judgement judgement) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (exchanged) {
      case Exchanged.Answered answered ->
          json.put("status", answered.response().status())
              .put("response", storable(answered.response().body()));
      case Exchanged.Unanswered failed -> {
        json.put("error", reason(judgement));
        if (failed.fault() == Fault.REFUSED) {
          // How long the look-up took would tell of our network.
          return json;
        }
      }
    }
    json.set("timings", timings(exchanged.timings()));
    return json;
  }

  private static @Nullable String reason(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Done _ -> null;
      case Judgement.Again again -> again.reason();
      case Judgement.NotTried notTried -> notTried.reason();
      case Judgement.Never never -> never.reason();
    };
  }

  private static ObjectNode timings(Timings timings) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "dns_ms", timings.dns());
    put(json, "connect_ms", timings.connect());
    put(json, "tls_ms", timings.tls());
    put(json, "first_byte_ms", timings.firstByte());
    put(json, "total_ms", timings.total());
    return json;
  }

  private static void put(ObjectNode json, String field, @Nullable Duration duration) {
    if (duration != null) {
      json.put(field, Math.round(duration.toNanos() / NANOS_PER_MILLI * ROUNDING) / ROUNDING);
    }
  }

  /** No table keeps the character NUL. Halves of pairs there are none in what was UTF-8. */
  private static String storable(String body) {
    return body.replace('\0', '\uFFFD');
  }
}
