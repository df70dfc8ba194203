package dev.carillon.testkit.clash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One developer's account: a password, sessions and at most ten keys. Safe for use by threads. */
final class DeveloperPortal {

  /** The most keys of an account. */
  static final int MAX_KEYS = 10;

  private final List<ApiKey> keys = new ArrayList<>();
  private final Set<String> sessions = new HashSet<>();
  private String email = "";
  private String password = "";
  private int logins;

  /**
   * What the portal answers.
   *
   * @param status the HTTP status
   * @param body the JSON
   * @param session a new session's cookie; empty for none
   */
  record Answer(int status, ObjectNode body, String session) {

    private static Answer ok(ObjectNode body) {
      return new Answer(200, body, "");
    }

    private static Answer refused(int status, String reason) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      return new Answer(status, body.put("reason", reason).put("description", reason), "");
    }
  }

  synchronized void account(String mail, String secret) {
    email = mail;
    password = secret;
  }

  synchronized ApiKey add(String name, String address) {
    ApiKey key =
        new ApiKey(UUID.randomUUID().toString(), name, "by hand", address, bearer(address));
    keys.add(key);
    return key;
  }

  synchronized List<ApiKey> keys() {
    return List.copyOf(keys);
  }

  synchronized int logins() {
    return logins;
  }

  synchronized Optional<ApiKey> key(String bearer) {
    return keys.stream().filter(key -> key.bearer().equals(bearer)).findFirst();
  }

  synchronized Answer answer(String path, String session, JsonNode body, String caller) {
    if (path.equals("/api/login")) {
      return login(body, caller);
    }
    if (!sessions.contains(session)) {
      return Answer.refused(403, "forbidden");
    }
    return switch (path) {
      case "/api/apikey/list" -> list();
      case "/api/apikey/create" -> create(body);
      case "/api/apikey/revoke" -> revoke(body);
      default -> Answer.refused(404, "notFound");
    };
  }

  private Answer login(JsonNode body, String caller) {
    logins++;
    if (!body.path("email").asText().equals(email)
        || !body.path("password").asText().equals(password)
        || email.isEmpty()) {
      return Answer.refused(403, "invalidCredentials");
    }
    String session = UUID.randomUUID().toString();
    sessions.add(session);
    ObjectNode answer = ok();
    answer.putObject("developer").put("email", email).put("tier", "developer/silver");
    answer.put("temporaryAPIToken", bearer(caller)).put("swaggerUrl", "http://127.0.0.1/v1");
    return new Answer(200, answer, session);
  }

  private Answer list() {
    ObjectNode answer = ok();
    var list = answer.putArray("keys");
    keys.forEach(key -> list.add(json(key)));
    return Answer.ok(answer);
  }

  private Answer create(JsonNode body) {
    String address = body.path("cidrRanges").path(0).asText();
    if (body.path("name").asText().isEmpty() || address.isEmpty()) {
      return Answer.refused(400, "badRequest");
    }
    if (keys.size() >= MAX_KEYS) {
      return Answer.refused(403, "forbidden.keyLimit");
    }
    ApiKey key =
        new ApiKey(
            UUID.randomUUID().toString(),
            body.path("name").asText(),
            body.path("description").asText(),
            address,
            bearer(address));
    keys.add(key);
    ObjectNode answer = ok();
    answer.set("key", json(key));
    return Answer.ok(answer);
  }

  private Answer revoke(JsonNode body) {
    String id = body.path("id").asText();
    return keys.removeIf(key -> key.id().equals(id))
        ? Answer.ok(ok())
        : Answer.refused(404, "notFound");
  }

  private static ObjectNode ok() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putObject("status").put("code", 0).put("message", "ok");
    return answer.put("sessionExpiresInSeconds", 3600);
  }

  private static ObjectNode json(ApiKey key) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", key.id()).put("name", key.name()).put("description", key.description());
    json.putArray("scopes").add("clash");
    json.putArray("cidrRanges").add(key.address());
    return json.put("key", key.bearer());
  }

  /** A token in the form of a JWT, which says to which address it is bound. */
  private static String bearer(String address) {
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.put("iss", "supercell").put("aud", "supercell:gameapi").put("jti", id());
    var limits = claims.putArray("limits");
    limits.addObject().put("tier", "developer/silver").put("type", "throttling");
    limits.addObject().put("type", "client").putArray("cidrs").add(address + "/32");
    return encoded("{\"typ\":\"JWT\",\"alg\":\"HS512\"}")
        + "."
        + encoded(claims.toString())
        + "."
        + encoded(id());
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
