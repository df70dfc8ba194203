package dev.carillon.testkit.clash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * The wars of clans, one after another: prepared, fought, over for a while, then none for a while.
 */
final class WarCycle {

  private static final Duration PREPARATION = Duration.ofHours(23);
  private static final Duration BATTLE = Duration.ofHours(24);
  private static final Duration AFTERWARDS = Duration.ofHours(6);
  private static final Duration WHOLE = Duration.ofHours(60);
  private static final int TEAM = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final GameWorld world;

  WarCycle(GameWorld world) {
    this.world = world;
  }

  ObjectNode at(String clan, Instant now) {
    long offset = Tags.chance(clan, 30, (int) WHOLE.toSeconds());
    long round = Math.floorDiv(now.getEpochSecond() + offset, WHOLE.toSeconds());
    Instant begin = Instant.ofEpochSecond(round * WHOLE.toSeconds() - offset);
    Instant start = begin.plus(PREPARATION);
    Instant end = start.plus(BATTLE);
    ObjectNode war = JsonNodeFactory.instance.objectNode();
    if (!now.isBefore(end.plus(AFTERWARDS))) {
      return war.put("state", "notInWar");
    }
    war.put(
        "state", now.isBefore(start) ? "preparation" : now.isBefore(end) ? "inWar" : "warEnded");
    war.put("teamSize", TEAM).put("attacksPerMember", 2);
    war.put("preparationStartTime", TIME.format(begin));
    war.put("startTime", TIME.format(start)).put("endTime", TIME.format(end));
    long fought = Math.clamp(Duration.between(start, now).toMinutes(), 0, BATTLE.toMinutes());
    int part = (int) (fought * 100 / BATTLE.toMinutes());
    war.set("clan", side(clan, now, part * 3 / 10));
    war.set("opponent", side("#8" + Tags.digits(round + offset, 7), now, part / 4));
    return war;
  }

  private ObjectNode side(String clan, Instant now, int stars) {
    ObjectNode side = JsonNodeFactory.instance.objectNode();
    side.put("tag", clan).put("name", world.clanName(clan)).put("clanLevel", world.clanLevel(clan));
    side.set("badgeUrls", world.badge(clan));
    side.put("attacks", stars / 2).put("stars", stars).put("destructionPercentage", stars * 3.25);
    ArrayNode members = side.putArray("members");
    List<String> tags = world.members(clan, now);
    for (int i = 0; i < TEAM; i++) {
      ObjectNode member = members.addObject();
      member.put("tag", tags.get(i)).put("name", world.playerName(tags.get(i)));
      member.put("townhallLevel", world.townHall(tags.get(i))).put("mapPosition", i + 1);
    }
    return side;
  }
}
