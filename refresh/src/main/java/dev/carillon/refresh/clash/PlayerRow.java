package dev.carillon.refresh.clash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.source.Fetched;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the API says of a player, in its own record or in its clan's.
 *
 * @param data the whole record; null if only the clan names the player
 */
record PlayerRow(
    String tag,
    String name,
    @Nullable Integer townHall,
    @Nullable String role,
    @Nullable String clanTag,
    @Nullable JsonNode data,
    Instant fetchedAt) {

  /** The members of clans, and players, each once, in ascending order of their tags. */
  static List<PlayerRow> of(List<Fetched.Found> clans, List<Fetched.Found> players) {
    TreeMap<String, PlayerRow> rows = new TreeMap<>();
    for (Fetched.Found clan : clans) {
      for (JsonNode member : clan.body().path("memberList")) {
        if (ClashTags.isTag(member.path("tag").asText())) {
          add(rows, of(member, clan.key().tag(), null, clan.fetchedAt()));
        }
      }
    }
    for (Fetched.Found player : players) {
      JsonNode body = player.body();
      add(rows, of(body, text(body.path("clan").path("tag")), body, player.fetchedAt()));
    }
    return List.copyOf(rows.values());
  }

  private static PlayerRow of(
      JsonNode from, @Nullable String clanTag, @Nullable JsonNode data, Instant fetchedAt) {
    return new PlayerRow(
        from.path("tag").asText(),
        from.path("name").asText(),
        ClashTables.number(from.path("townHallLevel")),
        text(from.path("role")),
        clanTag,
        data,
        fetchedAt);
  }

  private static void add(TreeMap<String, PlayerRow> rows, PlayerRow row) {
    rows.merge(row.tag(), row, PlayerRow::and);
  }

  /** Both together: who is asked later is right, and the whole record is kept. */
  private PlayerRow and(PlayerRow other) {
    PlayerRow later = other.fetchedAt.isBefore(fetchedAt) ? this : other;
    return new PlayerRow(
        tag,
        later.name,
        later.townHall,
        later.role,
        later.clanTag,
        other.data == null ? data : other.data,
        later.fetchedAt);
  }

  private static @Nullable String text(JsonNode node) {
    String text = node.asText();
    return text.isEmpty() ? null : text;
  }
}
