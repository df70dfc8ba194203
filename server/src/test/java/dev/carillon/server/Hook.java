package dev.carillon.server;

import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An endpoint that was made through the API, and the receiver behind it. */
record Hook(Api api, JsonNode made, Postbox postbox) implements AutoCloseable {

  static final String ENDPOINTS = "/v1/endpoints";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** One whose messages are signed with {@link Postbox#SECRET}. */
  static Hook open(Api api) {
    return open(api, _ -> {});
  }

  /**
   * The same, changed.
   *
   * @param wish changes what it is made with
   */
  static Hook open(Api api, Consumer<ObjectNode> wish) {
    Postbox postbox = Postbox.open();
    ObjectNode body =
        JSON.createObjectNode()
            .put("name", "hook-" + COUNT.incrementAndGet())
            .put("url", postbox.url() + "?token=topsecret")
            .put("secret", Postbox.SECRET);
    wish.accept(body);
    HttpResponse<String> response = api.send("POST", ENDPOINTS, body.toString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return new Hook(api, json(response), postbox);
  }

  String id() {
    return made.path("id").textValue();
  }

  String name() {
    return made.path("name").textValue();
  }

  String path() {
    return ENDPOINTS + "/" + id();
  }

  /** A user whose birthday is in one to two seconds, and who has chosen it. */
  String userSoon() {
    return api.soon(user -> user.put("endpoint", id()));
  }

  /** What is answered with 200 to one of its verbs. */
  JsonNode post(String verb) {
    return post(verb, "");
  }

  JsonNode post(String verb, String body) {
    return ok(api.send("POST", path() + "/" + verb, body));
  }

  JsonNode status() {
    return api.read(path() + "/status");
  }

  @Override
  public void close() {
    postbox.close();
  }
}
