package dev.carillon.refresh.clash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.postgres.Statements;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.source.Fetched;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The tables of clans, players and wars, within the caller's transaction. */
final class ClashTables {

  /** The most records of one call. */
  static final int MAX_BATCH = 1_000;

  private static final Statements SQL = Statements.beside(ClashTables.class, "clash.sql");
  // Numbers as they were written, not the doubles that are next to them.
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private ClashTables() {}

  /** Stores records; returns those that had changed. */
  static Set<RecordKey> store(Handle handle, Collection<Fetched.Found> found) {
    if (found.size() > MAX_BATCH) {
      throw new IllegalArgumentException(
          "at most %d records are stored at once, not %d".formatted(MAX_BATCH, found.size()));
    }
    List<Fetched.Found> clans = of(ClashType.CLAN, found);
    List<Fetched.Found> players = of(ClashType.PLAYER, found);
    List<Fetched.Found> wars = of(ClashType.WAR, found);
    Set<RecordKey> changed = new HashSet<>(changed(clans, storeClans(handle, clans)));
    Set<String> changedPlayers = storePlayers(handle, clans, PlayerRow.of(clans, players));
    changed.addAll(changed(players, changedPlayers));
    storeMemberships(handle, clans, PlayerRow.of(clans, List.of()));
    changed.addAll(changed(wars, storeWars(handle, WarRow.of(wars))));
    return changed;
  }

  /** The stored record, as the API wrote it. */
  static Optional<JsonNode> read(Handle handle, ClashType type, String tag) {
    return handle
        .createQuery(SQL.get("read_" + type.word()))
        .bind("tag", tag)
        .mapTo(String.class)
        .findOne()
        .map(ClashTables::json);
  }

  /** Those of a type, each tag once as it was fetched last, in ascending order. */
  private static List<Fetched.Found> of(ClashType type, Collection<Fetched.Found> found) {
    TreeMap<String, Fetched.Found> byTag = new TreeMap<>();
    for (Fetched.Found one : found) {
      if (one.key().type().equals(type.word())) {
        byTag.merge(one.key().tag(), one, (a, b) -> a.fetchedAt().isAfter(b.fetchedAt()) ? a : b);
      }
    }
    return List.copyOf(byTag.values());
  }

  private static Set<RecordKey> changed(List<Fetched.Found> stored, Set<String> tags) {
    Set<RecordKey> keys = new HashSet<>();
    stored.stream()
        .map(Fetched.Found::key)
        .filter(key -> tags.contains(key.tag()))
        .forEach(keys::add);
    return keys;
  }

  private static Set<String> storeClans(Handle handle, List<Fetched.Found> clans) {
    if (clans.isEmpty()) {
      return Set.of();
    }
    Query query = handle.createQuery(SQL.get("upsert_clans"));
    texts(query, "tag", clans, one -> one.key().tag());
    texts(query, "name", clans, one -> one.body().path("name").asText());
    texts(query, "level", clans, one -> number(one.body().path("clanLevel")));
    texts(query, "members", clans, one -> one.body().path("memberList").size());
    texts(query, "data", clans, Fetched.Found::body);
    texts(query, "fetched_at", clans, Fetched.Found::fetchedAt);
    return tags(query);
  }

  private static Set<String> storePlayers(
      Handle handle, List<Fetched.Found> clans, List<PlayerRow> players) {
    if (clans.isEmpty() && players.isEmpty()) {
      return Set.of();
    }
    Query query = handle.createQuery(SQL.get("upsert_players"));
    texts(query, "tag", players, PlayerRow::tag);
    texts(query, "name", players, PlayerRow::name);
    texts(query, "town_hall", players, PlayerRow::townHall);
    texts(query, "role", players, PlayerRow::role);
    texts(query, "clan_tag", players, PlayerRow::clanTag);
    texts(query, "data", players, PlayerRow::data);
    texts(query, "fetched_at", players, PlayerRow::fetchedAt);
    bindListed(query, clans);
    return tags(query);
  }

  private static void storeMemberships(
      Handle handle, List<Fetched.Found> clans, List<PlayerRow> members) {
    if (clans.isEmpty()) {
      return;
    }
    var close = handle.createUpdate(SQL.get("close_memberships"));
    bindMembers(close, members);
    bindListed(close, clans);
    close.execute();
    var open = handle.createUpdate(SQL.get("open_memberships"));
    bindMembers(open, members);
    open.execute();
  }

  private static Set<String> storeWars(Handle handle, List<WarRow> rows) {
    Set<String> changed = new HashSet<>();
    List<WarRow> wars = rows.stream().filter(row -> row.war().isOne()).toList();
    if (!wars.isEmpty()) {
      Query query = handle.createQuery(SQL.get("upsert_wars"));
      texts(query, "clan_tag", wars, WarRow::clanTag);
      texts(query, "preparation_start_time", wars, row -> row.war().preparationStart());
      texts(query, "start_time", wars, row -> row.war().start());
      texts(query, "end_time", wars, row -> row.war().end());
      texts(query, "opponent_tag", wars, WarRow::opponentTag);
      texts(query, "state", wars, row -> row.war().state());
      texts(query, "data", wars, WarRow::data);
      texts(query, "fetched_at", wars, WarRow::fetchedAt);
      changed.addAll(tags(query));
    }
    if (!rows.isEmpty()) {
      Query query = handle.createQuery(SQL.get("note_war_states"));
      texts(query, "clan_tag", rows, WarRow::clanTag);
      texts(query, "seen_at", rows, WarRow::fetchedAt);
      texts(query, "state", rows, row -> row.war().state());
      texts(query, "preparation_start_time", rows, row -> row.war().preparationStart());
      changed.addAll(tags(query));
    }
    return changed;
  }

  private static void bindListed(SqlStatement<?> statement, List<Fetched.Found> clans) {
    texts(statement, "clan", clans, one -> one.key().tag());
    texts(statement, "clan_fetched_at", clans, Fetched.Found::fetchedAt);
  }

  private static void bindMembers(SqlStatement<?> statement, List<PlayerRow> members) {
    texts(statement, "player", members, PlayerRow::tag);
    texts(statement, "clan_tag", members, PlayerRow::clanTag);
    texts(statement, "fetched_at", members, PlayerRow::fetchedAt);
  }

  /** What the API says of a war, as a row. */
  private record WarRow(
      String clanTag, War war, @Nullable String opponentTag, JsonNode data, Instant fetchedAt) {

    static List<WarRow> of(List<Fetched.Found> found) {
      return found.stream()
          .flatMap(one -> War.read(one.body()).map(war -> of(one, war)).stream())
          .toList();
    }

    private static WarRow of(Fetched.Found one, War war) {
      String opponent = one.body().path("opponent").path("tag").asText();
      return new WarRow(
          one.key().tag(), war, opponent.isEmpty() ? null : opponent, one.body(), one.fetchedAt());
    }
  }

  static @Nullable Integer number(JsonNode node) {
    return node.isInt() ? Integer.valueOf(node.intValue()) : null;
  }

  private static Set<String> tags(Query query) {
    return new HashSet<>(query.mapTo(String.class).list());
  }

  private static <T> void texts(
      SqlStatement<?> statement,
      String name,
      List<T> rows,
      Function<T, ? extends @Nullable Object> value) {
    @Nullable Object[] texts = new @Nullable Object[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      Object one = value.apply(rows.get(i));
      texts[i] = one == null ? null : one.toString();
    }
    statement.bindArray(name, String.class, texts);
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database keeps JSON that cannot be read", e);
    }
  }
}
