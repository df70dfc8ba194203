package dev.carillon.refresh.clash;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.source.Fetched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an answer of the API means for the record that was asked for. Pure. */
final class Answers {

  /** For how long nobody asks again for a tag that the API does not know. */
  static final Duration UNKNOWN_FOR = Duration.ofDays(1);

  /** For how long nobody asks again for wars that a clan keeps private. */
  static final Duration PRIVATE_FOR = Duration.ofHours(6);

  private static final int MAX_REASON = 200;
  private static final String INVALID_IP = "accessDenied.invalidIp";
  private static final String ACCESS_DENIED = "accessDenied";
  // A key that was revoked is told from a private war log by the message alone.
  private static final String INVALID_KEY = "authorization";
  private static final String MAINTENANCE = "503 maintenance";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(64).build());
  }

  private Answers() {}

  /**
   * What it means.
   *
   * @param askedAt when the record was asked for
   */
  static Fetched read(ClashType type, RecordKey key, Outcome.Reply reply, Instant askedAt) {
    return switch (reply.status()) {
      case 200 -> found(type, key, reply, askedAt);
      case 401 -> new Fetched.Refused(key, said(reply, "the key is not accepted"));
      case 403 -> forbidden(type, key, reply, askedAt);
      case 404 -> unknown(key, reply, askedAt);
      case 429 ->
          new Fetched.TooFast(
              key, said(reply, "called too fast"), ReplyHeaders.retryAfter(reply, askedAt));
      case 503 ->
          new Fetched.Down(
              key,
              "%s: %s".formatted(MAINTENANCE, said(reply, "")),
              ReplyHeaders.retryAfter(reply, askedAt));
      default ->
          new Fetched.Failed(key, "answered %d: %s".formatted(reply.status(), said(reply, "")));
    };
  }

  private static Fetched found(
      ClashType type, RecordKey key, Outcome.Reply reply, Instant askedAt) {
    String contentType = reply.header("content-type").orElse("nothing").toLowerCase(Locale.ROOT);
    if (!contentType.startsWith("application/json")) {
      return new Fetched.Failed(key, "sent %s instead of JSON".formatted(printable(contentType)));
    }
    JsonNode body = json(reply.body());
    if (!body.isObject()) {
      return new Fetched.Failed(key, "sent JSON that is broken or no record");
    }
    String trouble = trouble(type, key, body);
    if (trouble != null) {
      return new Fetched.Failed(key, trouble);
    }
    Instant freshUntil = ReplyHeaders.freshUntil(reply, askedAt);
    List<RefreshRequest> followUps =
        type == ClashType.WAR
            ? War.read(body).map(war -> war.followUps(key, askedAt, freshUntil)).orElse(List.of())
            : List.of();
    return new Fetched.Found(key, body, askedAt, freshUntil, followUps);
  }

  private static @Nullable String trouble(ClashType type, RecordKey key, JsonNode body) {
    if (!isStorable(body)) {
      return "sent text that has no meaning in Unicode";
    }
    if (type != ClashType.WAR) {
      return isOf(key, body) && body.path("name").isTextual() ? null : "sent another record";
    }
    Optional<War> war = War.read(body);
    if (war.isEmpty()) {
      return "sent a war without a state or its times";
    }
    return war.get().isOne() && !isOf(key, body.path("clan")) ? "sent another clan's war" : null;
  }

  private static Fetched forbidden(
      ClashType type, RecordKey key, Outcome.Reply reply, Instant askedAt) {
    JsonNode body = json(reply.body());
    String reason = body.path("reason").asText();
    String message = body.path("message").asText().toLowerCase(Locale.ROOT);
    if (reason.equalsIgnoreCase(INVALID_IP) || message.contains(INVALID_KEY)) {
      return new Fetched.Refused(key, said(reply, reason));
    }
    if (type == ClashType.WAR && reason.equals(ACCESS_DENIED)) {
      return new Fetched.Missing(
          key, "the clan's war log is private", askedAt, askedAt.plus(PRIVATE_FOR));
    }
    return new Fetched.Failed(key, "answered 403: " + said(reply, ""));
  }

  /** A page that somebody else sends, since the address is wrong, says nothing about a tag. */
  private static Fetched unknown(RecordKey key, Outcome.Reply reply, Instant askedAt) {
    return json(reply.body()).isObject()
        ? new Fetched.Missing(key, "there is none", askedAt, askedAt.plus(UNKNOWN_FOR))
        : new Fetched.Failed(key, "answered 404 with no reason: is this the API's address?");
  }

  private static boolean isOf(RecordKey key, JsonNode record) {
    return record.path("tag").asText().equals(key.tag());
  }

  /** PostgreSQL keeps no NUL, and no half of a surrogate pair. */
  private static boolean isStorable(JsonNode body) {
    String text = body.toString();
    return !text.contains("\\u0000") && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static JsonNode json(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  /** What the API says of its reason, or else {@code otherwise}. */
  private static String said(Outcome.Reply reply, String otherwise) {
    JsonNode body = json(reply.body());
    String message = body.path("message").asText();
    String said = message.isBlank() ? body.path("reason").asText() : message;
    return said.isBlank() ? (otherwise.isEmpty() ? "no reason given" : otherwise) : printable(said);
  }

  private static String printable(String text) {
    String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return plain.length() > MAX_REASON ? plain.substring(0, MAX_REASON) : plain;
  }
}
