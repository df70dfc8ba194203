package dev.carillon.testkit.clash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Clans, players and wars that follow from their tags and the time alone: the same tag at the same
 * time is the same record, in any process. Any tag is a clan's and a player's, but for those that
 * begin with {@code #000}. A member's tag is its clan's with four characters more.
 */
public final class GameWorld {

  /** After how long trophies and donations are others. */
  public static final Duration CHANGES_EVERY = Duration.ofMinutes(10);

  /** After how long another player has a member's place. */
  public static final Duration MEMBER_STAYS = Duration.ofDays(10);

  /** The most members of a clan. */
  public static final int MAX_MEMBERS = 50;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String UNKNOWN = "#000";
  private static final int SUFFIX = 4;
  private static final int MIN_MEMBERS = 10;
  private static final int PRIVATE_IN = 8;

  private final WarCycle wars = new WarCycle(this);

  /** Whether there is such a record. */
  public boolean exists(String tag) {
    return Tags.isTag(tag) && !tag.startsWith(UNKNOWN);
  }

  /** Whether everybody may see a clan's wars. */
  public boolean isWarLogPublic(String clan) {
    return Tags.chance(clan, 1, PRIVATE_IN) != 0;
  }

  /** The tag of the nth clan; all are different, and exist. */
  public static String clanTag(int number) {
    return "#2" + Tags.digits(number, 6);
  }

  /** The tags of a clan's members at a time. */
  public List<String> members(String clan, Instant now) {
    int size = MIN_MEMBERS + Tags.chance(clan, 2, MAX_MEMBERS - MIN_MEMBERS + 1);
    return IntStream.range(0, size).mapToObj(place -> memberAt(clan, place, now)).toList();
  }

  /** A clan, with its members. */
  public ObjectNode clan(String tag, Instant now) {
    List<String> members = members(tag, now);
    ObjectNode clan = JSON.objectNode();
    clan.put("tag", tag).put("name", clanName(tag)).put("type", "inviteOnly");
    clan.put("description", "We are " + clanName(tag) + ". Be kind.");
    clan.set("location", JSON.objectNode().put("id", 32000006).put("name", "International"));
    clan.set("badgeUrls", badge(tag));
    clan.put("clanLevel", clanLevel(tag)).put("warWins", Tags.chance(tag, 3, 500));
    clan.put("warFrequency", "always").put("isWarLogPublic", isWarLogPublic(tag));
    clan.put("requiredTrophies", 1400).put("members", members.size());
    ArrayNode list = memberList(members, now);
    int points = 0;
    for (var member : list) {
      points += member.path("trophies").intValue();
    }
    clan.put("clanPoints", points / 2);
    clan.set("memberList", list);
    return clan;
  }

  /** A clan's members, as the API lists them by themselves. */
  public ObjectNode memberPage(String clan, Instant now) {
    ObjectNode page = JSON.objectNode();
    page.set("items", memberList(members(clan, now), now));
    page.putObject("paging").putObject("cursors");
    return page;
  }

  /** A player; without a clan if none has it as a member. */
  public ObjectNode player(String tag, Instant now) {
    ObjectNode player = JSON.objectNode();
    player.put("tag", tag).put("name", playerName(tag)).put("townHallLevel", townHall(tag));
    player.put("expLevel", 20 + Tags.chance(tag, 4, 230)).put("trophies", trophies(tag, now));
    player.put("bestTrophies", 5500).put("warStars", Tags.chance(tag, 5, 2500));
    player.put("donations", donations(tag, now)).put("donationsReceived", 50);
    if (tag.length() > SUFFIX + 3) {
      String clan = tag.substring(0, tag.length() - SUFFIX);
      if (exists(clan) && members(clan, now).contains(tag)) {
        player.put("role", role(tag));
        ObjectNode its = player.putObject("clan");
        its.put("tag", clan).put("name", clanName(clan)).put("clanLevel", clanLevel(clan));
        its.set("badgeUrls", badge(clan));
      }
    }
    ArrayNode heroes = player.putArray("heroes");
    for (String hero : List.of("Barbarian King", "Archer Queen", "Grand Warden")) {
      heroes.addObject().put("name", hero).put("level", 1 + Tags.chance(tag + hero, 6, 90));
    }
    return player;
  }

  /** A clan's current war. */
  public ObjectNode war(String clan, Instant now) {
    return wars.at(clan, now);
  }

  String clanName(String tag) {
    return "Clan " + tag.substring(1);
  }

  String playerName(String tag) {
    return "Chief " + tag.substring(1);
  }

  int clanLevel(String tag) {
    return 1 + Tags.chance(tag, 7, 25);
  }

  int townHall(String tag) {
    return 1 + Tags.chance(tag, 8, 17);
  }

  ObjectNode badge(String tag) {
    return JSON.objectNode().put("small", "https://badges.example/70/" + tag.substring(1) + ".png");
  }

  private ArrayNode memberList(List<String> members, Instant now) {
    ArrayNode list = JSON.arrayNode(members.size());
    for (int i = 0; i < members.size(); i++) {
      String tag = members.get(i);
      ObjectNode member = list.addObject();
      member.put("tag", tag).put("name", playerName(tag)).put("role", role(tag));
      member.put("townHallLevel", townHall(tag)).put("expLevel", 20 + Tags.chance(tag, 4, 230));
      member.put("trophies", trophies(tag, now)).put("clanRank", i + 1);
      member.put("donations", donations(tag, now)).put("donationsReceived", 50);
    }
    return list;
  }

  private static String memberAt(String clan, int place, Instant now) {
    long stays = MEMBER_STAYS.toSeconds();
    long shifted = now.getEpochSecond() + Tags.chance(clan, 1_000 + place, (int) stays);
    return clan + Tags.digits(place, 2) + Tags.digits(shifted / stays, 2);
  }

  private static String role(String tag) {
    String place = tag.substring(tag.length() - SUFFIX, tag.length() - SUFFIX / 2);
    return Tags.number(place) == 0 ? "leader" : "member";
  }

  private static int trophies(String tag, Instant now) {
    return 1000 + Tags.chance(tag, 10_000 + period(now), 4500);
  }

  private static int donations(String tag, Instant now) {
    return Tags.chance(tag, 20_000 + period(now), 900);
  }

  private static long period(Instant now) {
    return Math.floorDiv(now.getEpochSecond(), CHANGES_EVERY.toSeconds());
  }
}
