package dev.carillon.testkit.clash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What the API answers to a call that nothing is wrong with. */
final class GameApi {

  private static final String BASE = "/v1/";

  private final GameWorld world = new GameWorld();
  private final InstantSource clock;

  GameApi(InstantSource clock) {
    this.clock = clock;
  }

  /** The answer to a path, as it was sent. */
  Reply answer(String path, Duration maxAge) {
    if (!path.startsWith(BASE)) {
      return Reply.page(404, "No such page");
    }
    List<String> parts =
        List.of(path.substring(BASE.length()).split("/")).stream()
            .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
            .toList();
    Reply reply = parts.size() < 2 || !world.exists(parts.get(1)) ? notFound() : record(parts);
    return reply.with("Cache-Control", "max-age=" + maxAge.toSeconds());
  }

  private Reply record(List<String> parts) {
    String tag = parts.get(1);
    String collection = parts.getFirst() + (parts.size() > 2 ? "/" + parts.get(2) : "");
    return switch (collection) {
      case "players" -> ok(world.player(tag, clock.instant()));
      case "clans" -> ok(world.clan(tag, clock.instant()));
      case "clans/members" -> ok(world.memberPage(tag, clock.instant()));
      case "clans/currentwar" ->
          world.isWarLogPublic(tag) ? ok(world.war(tag, clock.instant())) : privateWarLog();
      default -> notFound();
    };
  }

  static Reply notFound() {
    return Reply.error(404, "notFound", "Not found");
  }

  static Reply privateWarLog() {
    return Reply.error(403, "accessDenied", "Access denied, war log is private");
  }

  private static Reply ok(ObjectNode record) {
    return Reply.json(200, record.toString());
  }
}
