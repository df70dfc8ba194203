package dev.carillon.refresh.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** An item of a list that someone else fills. */
sealed interface InboxItem {

  /** The item as it is in the list, as far as it is text and not too long. */
  String text();

  /** An item that can be queued. */
  record Good(String text, RefreshRequest request) implements InboxItem {}

  /** An item that cannot. */
  record Broken(String text, String reason) implements InboxItem {

    /** What is written to the dead letters. */
    String letter(Instant now) {
      return JSON.createObjectNode()
          .put("item", text)
          .put("reason", reason)
          .put("at", now.truncatedTo(ChronoUnit.MICROS).toString())
          .toString();
    }
  }

  /** The longest item, in bytes. */
  int MAX_LENGTH = 4_096;

  ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads an item, as if it was asked for now.
   *
   * @param item as Redis has it, or the beginning of a longer one than is allowed
   */
  static InboxItem read(byte[] item, RedisInbox.Keys keys, Instant now) {
    if (item.length > MAX_LENGTH) {
      return new Broken(
          new String(item, 0, MAX_LENGTH, StandardCharsets.UTF_8),
          "it is longer than %d bytes".formatted(MAX_LENGTH));
    }
    try {
      return read(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(item)).toString(), keys, now);
    } catch (CharacterCodingException _) {
      return new Broken(new String(item, StandardCharsets.UTF_8), "it is no UTF-8");
    }
  }

  /** Reads an item, as if it was asked for now. */
  static InboxItem read(String text, RedisInbox.Keys keys, Instant now) {
    try {
      JsonNode item = JSON.readTree(text);
      if (!item.isObject()) {
        return new Broken(text, "it is no JSON object");
      }
      String type = required(item, "type");
      RecordKey key = keys.key(optional(item, "source"), type, required(item, "tag"));
      Priority wished = priority(item.path("priority"));
      Priority priority = wished == null ? keys.urgency().of(key) : wished;
      return new Good(text, new RefreshRequest(key, priority, now));
    } catch (JsonProcessingException _) {
      return new Broken(text, "it is no JSON");
    } catch (IllegalArgumentException e) {
      String reason = e.getMessage();
      return new Broken(text, reason == null ? "it cannot be read" : reason);
    }
  }

  private static String required(JsonNode item, String field) {
    String value = optional(item, field);
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  private static @Nullable String optional(JsonNode item, String field) {
    JsonNode value = item.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " must be text");
    }
    return value.textValue();
  }

  /** Null if none is said. Other producers write a number from 0, the most urgent, to 3. */
  private static @Nullable Priority priority(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return Priority.named(value.asText())
        .orElseThrow(() -> new IllegalArgumentException("priority must be " + Priority.ALLOWED));
  }
}
