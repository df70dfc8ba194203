package dev.carillon.server.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.carillon.view.full.RefreshLimits;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a server's API, for the command line. */
final class ServerClient implements AutoCloseable {

  /** How long a connection is waited for. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How long an answer is waited for. */
  static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** How long an answer to what takes its time is waited for: as long as a refresh may run. */
  static final Duration LONG_TIMEOUT =
      RefreshLimits.DEFAULT.run().plus(RefreshLimits.DEFAULT.lockWait()).plus(RefreshLimits.GRACE);

  private static final String CONTENT_TYPE = "Content-Type";
  private static final int INVALID = 2;
  private static final int BAD_REQUEST = 400;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI base;
  private final @Nullable String token;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

  /**
   * A client of one server.
   *
   * @param base where it is, without a slash at the end
   * @param token who asks; null for nobody
   */
  ServerClient(URI base, @Nullable String token) {
    this.base = base;
    this.token = token;
  }

  /**
   * What a server answered.
   *
   * @param status the HTTP status
   * @param body its JSON; missing if it has none
   */
  record Reply(int status, JsonNode body) {

    boolean isProblem() {
      return status >= BAD_REQUEST;
    }

    /** What went wrong, for people. */
    String problem() {
      JsonNode errors = body.path("errors");
      String detail = body.path("detail").asText("the server answered with the status " + status);
      if (errors.size() < 2) {
        String column = errors.path(0).path("column").asText("");
        return column.isEmpty() ? detail : "%s (column %s)".formatted(detail, column);
      }
      return errors
          .valueStream()
          .map(error -> error.path("field").asText() + " " + error.path("detail").asText())
          .collect(Collectors.joining("\n"));
    }

    /** The body, unless something went wrong. */
    JsonNode good() {
      if (isProblem()) {
        throw new CommandFailed(status == BAD_REQUEST ? INVALID : 1, problem());
      }
      return body;
    }
  }

  JsonNode get(String path) {
    return send("GET", path, null).good();
  }

  /** Asks for something; what the server refuses is in the reply. */
  Reply send(String method, String path, @Nullable JsonNode body) {
    return exchange(
        body == null
            ? request(path).method(method, BodyPublishers.noBody())
            : request(path)
                .header(CONTENT_TYPE, "application/json")
                .method(method, BodyPublishers.ofString(body.toString())));
  }

  /** The same for what takes its time. */
  Reply sendLong(String method, String path, @Nullable JsonNode body) {
    String text = body == null ? "" : body.toString();
    return exchange(
        request(path)
            .timeout(LONG_TIMEOUT)
            .header(CONTENT_TYPE, "application/json")
            .method(
                method, text.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(text)));
  }

  /** Puts a text of another kind than JSON somewhere. */
  Reply put(String path, String mediaType, String text) {
    return exchange(
        request(path).header(CONTENT_TYPE, mediaType).PUT(BodyPublishers.ofString(text)));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private Reply exchange(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Reply(response.statusCode(), json(response.body()));
    } catch (IOException e) {
      throw new CommandFailed(
          1, "cannot reach %s: is the server there? --url says where it is".formatted(base));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(1, "interrupted");
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** A part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static JsonNode json(String text) {
    if (text.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
