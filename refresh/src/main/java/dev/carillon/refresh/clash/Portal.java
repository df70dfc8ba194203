package dev.carillon.refresh.clash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.refresh.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The developer portal: finds or makes keys for the address that we have. What it was sent and what
 * it answered is secret, and stands in no message.
 */
final class Portal {

  /** The most keys of an account, as the portal has it. */
  static final int MAX_KEYS = 10;

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Calls calls;
  private final URI base;
  private final String keyName;
  private final InstantSource clock;

  Portal(Calls calls, ClashSettings settings, InstantSource clock) {
    this.calls = calls;
    this.base = settings.portal();
    this.keyName = settings.keyName();
    this.clock = clock;
  }

  /** That the account is not taken: trying again soon would only lock it. */
  static final class WrongAccountException extends Exception {

    private static final long serialVersionUID = 1L;

    WrongAccountException() {
      super("the developer portal does not accept COC_EMAIL and COC_PASSWORD");
    }
  }

  /** Keys of our name for our address: those that there are, or else a new one. */
  List<String> keys(ClashAccess.Account account)
      throws SourceException, WrongAccountException, InterruptedException {
    Session session = login(account);
    List<Key> all = list(session);
    List<String> usable =
        all.stream()
            .filter(key -> key.name().equals(keyName) && key.isFor(session.address()))
            .map(Key::bearer)
            .toList();
    if (!usable.isEmpty()) {
      return usable;
    }
    if (all.size() >= MAX_KEYS) {
      revoke(session, expendable(all));
    }
    return List.of(create(session));
  }

  private record Session(String cookie, String address) {

    /** The address, and no cookie. */
    @Override
    public String toString() {
      return "Session[" + address + "]";
    }
  }

  private record Key(String id, String name, List<String> addresses, String bearer) {

    boolean isFor(String address) {
      return addresses.stream().anyMatch(cidr -> withoutPrefix(cidr).equals(address));
    }

    /** The name, and no key. */
    @Override
    public String toString() {
      return "Key[" + name + "]";
    }
  }

  private Session login(ClashAccess.Account account)
      throws SourceException, WrongAccountException, InterruptedException {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("email", account.email()).put("password", account.password());
    Outcome.Reply reply = post("login", "", body);
    if (reply.status() == 401 || reply.status() == 403) {
      throw new WrongAccountException();
    }
    JsonNode answer = answer("login", reply);
    String cookie =
        reply.all("set-cookie").stream()
            .map(header -> header.split(";", 2)[0])
            .collect(Collectors.joining("; "));
    return new Session(cookie, address(answer.path("temporaryAPIToken").asText()));
  }

  /** Our address as the portal sees it: keys are bound to it. */
  private static String address(String token) throws SourceException {
    String[] parts = token.split("\\.");
    try {
      JsonNode claims =
          parts.length < 2
              ? MAPPER.createObjectNode()
              : MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1].replace("=", "")));
      for (JsonNode limit : claims.path("limits")) {
        String address = withoutPrefix(limit.path("cidrs").path(0).asText());
        if (ADDRESS.matcher(address).matches()) {
          return address;
        }
      }
    } catch (IOException | IllegalArgumentException _) {
      // The same trouble as a token that can be read and has no address.
    }
    throw new SourceException("the developer portal's login does not say which address we have");
  }

  private List<Key> list(Session session) throws SourceException, InterruptedException {
    JsonNode answer = answer("apikey/list", session, MAPPER.createObjectNode());
    if (!answer.path("keys").isArray()) {
      throw unreadable("apikey/list");
    }
    List<Key> keys = new ArrayList<>();
    for (JsonNode key : answer.path("keys")) {
      List<String> addresses = new ArrayList<>();
      key.path("cidrRanges").forEach(cidr -> addresses.add(cidr.asText()));
      keys.add(
          new Key(
              key.path("id").asText(),
              key.path("name").asText(),
              addresses,
              key.path("key").asText()));
    }
    return keys;
  }

  /** The first of our name for another address; keys of other names are never touched. */
  private Key expendable(List<Key> all) throws SourceException {
    Optional<Key> ours = all.stream().filter(key -> key.name().equals(keyName)).findFirst();
    if (ours.isEmpty()) {
      throw new SourceException(
          "the account has %d keys, the most it can have, and none is named %s: delete one"
              .formatted(all.size(), keyName));
    }
    return ours.get();
  }

  private void revoke(Session session, Key key) throws SourceException, InterruptedException {
    answer("apikey/revoke", session, MAPPER.createObjectNode().put("id", key.id()));
  }

  private String create(Session session) throws SourceException, InterruptedException {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("name", keyName).put("description", "Made by Carillon at " + clock.instant());
    body.putArray("cidrRanges").add(session.address());
    body.putArray("scopes").add("clash");
    JsonNode answer = answer("apikey/create", session, body);
    String bearer = answer.path("key").path("key").asText();
    if (bearer.isEmpty()) {
      throw unreadable("apikey/create");
    }
    return bearer;
  }

  private JsonNode answer(String call, Session session, ObjectNode body)
      throws SourceException, InterruptedException {
    return answer(call, post(call, session.cookie(), body));
  }

  private static JsonNode answer(String call, Outcome.Reply reply) throws SourceException {
    if (reply.status() != 200) {
      throw new SourceException(
          "the developer portal answered %d to %s".formatted(reply.status(), call));
    }
    try {
      return MAPPER.readTree(reply.body());
    } catch (IOException _) {
      throw unreadable(call);
    }
  }

  private static SourceException unreadable(String call) {
    return new SourceException("the developer portal's answer to " + call + " cannot be read");
  }

  private Outcome.Reply post(String call, String cookie, ObjectNode body)
      throws SourceException, InterruptedException {
    URI url = URI.create(base + "/api/" + call);
    Map<String, String> headers = cookie.isEmpty() ? Map.of() : Map.of("Cookie", cookie);
    return switch (calls.post(url, headers, body.toString())) {
      case Outcome.Reply reply -> reply;
      case Outcome.NotMade _ -> throw failed(call, "was not made");
      case Outcome.Unanswered none -> throw failed(call, none.reason());
      case Outcome.Unreachable none -> throw failed(call, none.reason());
    };
  }

  private static SourceException failed(String call, String reason) {
    return new SourceException("the developer portal did not answer " + call + ": " + reason);
  }

  private static String withoutPrefix(String cidr) {
    int slash = cidr.indexOf('/');
    return slash < 0 ? cidr : cidr.substring(0, slash);
  }
}
