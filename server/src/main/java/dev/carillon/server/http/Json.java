package dev.carillon.server.http;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** JSON in and out: what comes in is read strictly and is bounded. */
public final class Json {

  /** The largest body, in bytes. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  /** How deep objects and arrays may be nested. */
  public static final int MAX_DEPTH = 32;

  private static final Pattern OF_JAVA =
      Pattern.compile(
          "(: enable `| \\(not recognized | \\(for | \\(start marker | ?\\[Source: ).*",
          Pattern.DOTALL);

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A value's text in UTF-8. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a request's body.
   *
   * @throws ProblemException 413 if it is longer than {@link #MAX_BODY_BYTES}, 400 if it is not
   *     JSON, says a field twice or goes on after its end
   */
  public static JsonNode read(InputStream body) {
    return read(body, MAX_BODY_BYTES);
  }

  /**
   * Reads a request's body of another size.
   *
   * @param most the largest body, in bytes
   * @throws ProblemException as with {@link #read(InputStream)}
   */
  public static JsonNode read(InputStream body, int most) {
    return parse(bytes(body, most));
  }

  /**
   * Reads a request's body that may be left out: then it is an empty object.
   *
   * @throws ProblemException as with {@link #read(InputStream)}
   */
  public static JsonNode readOrEmpty(InputStream body) {
    byte[] bytes = bytes(body, MAX_BODY_BYTES);
    return bytes.length == 0 ? object() : parse(bytes);
  }

  /**
   * What the database keeps as JSON.
   *
   * @throws UncheckedIOException if it is none
   */
  public static JsonNode stored(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value that a line of text holds; empty if it is not JSON. */
  public static Optional<JsonNode> line(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static Problem wrongMediaType() {
    return Problem.of(415, "the body must be sent with Content-Type: " + MediaTypes.JSON);
  }

  static Problem tooLarge(int most) {
    return Problem.of(413, "a body of at most %d bytes is allowed".formatted(most));
  }

  private static byte[] bytes(InputStream body, int most) {
    try {
      byte[] bytes = body.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ProblemException(tooLarge(most));
      }
      return bytes;
    } catch (IOException e) {
      throw bad("the body could not be read to its end");
    }
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      // The library would guess UTF-16 and UTF-32 too; RFC 8259, section 8.1, has UTF-8 alone.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw bad("the body is empty: a JSON object is needed");
      }
      return node;
    } catch (JsonParseException e) {
      throw bad("the body is not JSON: %s at %s".formatted(reason(e), where(e)));
    } catch (StreamConstraintsException e) {
      // The library's words for these name its classes.
      throw bad(
          "the body is nested too deep (%d levels are allowed), or a name or a number is too long"
              .formatted(MAX_DEPTH));
    } catch (JsonProcessingException e) {
      throw bad("the body must be one JSON value and nothing after it: see " + where(e));
    } catch (CharacterCodingException e) {
      throw bad("the body is not UTF-8");
    }
  }

  /** The library's words, without those that only programmers of Java understand. */
  private static String reason(JsonParseException e) {
    return OF_JAVA.matcher(e.getOriginalMessage()).replaceFirst("");
  }

  private static String where(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null
        ? "an unknown place"
        : "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.of(400, detail));
  }
}
