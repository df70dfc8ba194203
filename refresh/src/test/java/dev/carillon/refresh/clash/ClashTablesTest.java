package dev.carillon.refresh.clash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.postgres.Database;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.testkit.clash.GameWorld;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClashTablesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(600);
  private static final GameWorld WORLD = new GameWorld();

  private Database database = ClashDatabases.migrated();

  @BeforeAll
  void tablesAreThere() {
    assertThat(rows("SELECT tag, name FROM clans")).isEmpty();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @BeforeEach
  void empty() {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute("TRUNCATE clans, players, clan_memberships, wars, war_states"));
  }

  @Nested
  class Records {

    @Test
    void areReadAsTheyWereWritten() {
      Fetched.Found clan = clan("#2PP", NOW, "#2PPYY", "#2PPYV");
      Fetched.Found player = player("#2PPYY", NOW, "#2PP");
      Fetched.Found war = war("#2PP", NOW, "inWar", 1);
      assertThat(store(clan, player, war))
          .containsExactlyInAnyOrder(clan.key(), player.key(), war.key());
      assertThat(List.of(clan, player, war))
          .allSatisfy(one -> assertThat(read(one.key())).isEqualTo(one.body()));
    }

    @Test
    void thatNobodyFetchedAreNotThere() {
      store(clan("#2PP", NOW, "#2PPYY"));
      assertThat(readable("player", "#2PPYY")).as("only named by its clan").isFalse();
      assertThat(readable("clan", "#2PPP")).isFalse();
      assertThat(readable("war", "#2PP")).isFalse();
      assertThat(readable("league", "#2PP")).isFalse();
    }

    @Test
    void thatHaveNotChangedAreNotRewritten() {
      store(
          clan("#2PP", NOW, "#2PPYY"), player("#2PPYY", NOW, "#2PP"), war("#2PP", NOW, "inWar", 1));
      Map<String, String> before = versions();
      assertThat(
              store(
                  clan("#2PP", LATER, "#2PPYY"),
                  player("#2PPYY", LATER, "#2PP"),
                  war("#2PP", LATER, "inWar", 1)))
          .isEmpty();
      assertThat(versions()).hasSize(5).isEqualTo(before);
    }

    @Test
    void thatHaveChangedAreToldFromTheOthers() {
      store(clan("#2PP", NOW, "#2PPYY"), clan("#2PPP", NOW, "#2PPPY"));
      assertThat(store(clan("#2PP", LATER, "#2PPYY", "#2PPYV"), clan("#2PPP", LATER, "#2PPPY")))
          .containsExactly(key("clan", "#2PP"));
      assertThat(rows("SELECT tag, members::text FROM clans"))
          .containsExactlyInAnyOrderEntriesOf(Map.of("#2PP", "2", "#2PPP", "1"));
    }

    @Test
    void thatAreOlderChangeNothing() {
      store(clan("#2PP", LATER, "#2PPYY"), player("#2PPYY", LATER, "#2PP"));
      assertThat(store(clan("#2PP", NOW), player("#2PPYY", NOW, "#2PPPP"))).isEmpty();
      assertThat(rows("SELECT tag, clan_tag FROM players")).containsEntry("#2PPYY", "#2PP");
      assertThat(membersNow("#2PP")).containsExactly("#2PPYY");
    }

    @Test
    void thatComeTwiceAreTakenAsFetchedLast() {
      store(clan("#2PP", LATER, "#2PPYY", "#2PPYV"), clan("#2PP", NOW, "#2PPYY"));
      assertThat(membersNow("#2PP")).containsExactlyInAnyOrder("#2PPYY", "#2PPYV");
    }

    @Test
    void areNotMoreThanABatch() {
      List<Fetched.Found> many = Collections.nCopies(1_001, clan("#2PP", NOW));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> database.jdbi().withHandle(handle -> ClashTables.store(handle, many)));
    }
  }

  @Nested
  class Players {

    @Test
    void keepTheirWholeRecordWhenTheirClanNamesThem() {
      Fetched.Found player = player("#2PPYY", NOW, "#2PP");
      store(player);
      store(clan("#2PPP", LATER, "#2PPYY"));
      assertThat(read(player.key())).isEqualTo(player.body());
      assertThat(rows("SELECT tag, clan_tag FROM players")).containsEntry("#2PPYY", "#2PPP");
    }

    @Test
    void whoLeaveAClanAreInNone() {
      store(clan("#2PP", NOW, "#2PPYY", "#2PPYV"));
      store(clan("#2PP", LATER, "#2PPYV"));
      assertThat(rows("SELECT tag, coalesce(clan_tag, 'none') FROM players"))
          .containsExactlyInAnyOrderEntriesOf(Map.of("#2PPYY", "none", "#2PPYV", "#2PP"));
    }
  }

  @Nested
  class Memberships {

    @Test
    void beginWhenAPlayerIsFirstSeenAndEndWhenNotAnyMore() {
      store(clan("#2PP", NOW, "#2PPYY", "#2PPYV"));
      store(clan("#2PP", LATER, "#2PPYV", "#2PPYR"));
      assertThat(memberships())
          .containsExactly("#2PPYR #2PP 600 -", "#2PPYV #2PP 0 -", "#2PPYY #2PP 0 600");
    }

    @Test
    void moveWithAPlayerWhoIsSeenInAnotherClan() {
      store(clan("#2PP", NOW, "#2PPYY"));
      store(clan("#2PPP", LATER, "#2PPYY"));
      assertThat(memberships()).containsExactly("#2PPYY #2PP 0 600", "#2PPYY #2PPP 600 -");
      assertThat(store(clan("#2PP", LATER.plusSeconds(1)))).containsExactly(key("clan", "#2PP"));
      assertThat(memberships()).containsExactly("#2PPYY #2PP 0 600", "#2PPYY #2PPP 600 -");
    }

    @Test
    void beginAnewForAPlayerWhoComesBack() {
      store(clan("#2PP", NOW, "#2PPYY"));
      store(clan("#2PP", NOW.plusSeconds(10)));
      store(clan("#2PP", NOW.plusSeconds(20), "#2PPYY"));
      assertThat(memberships()).containsExactly("#2PPYY #2PP 0 10", "#2PPYY #2PP 20 -");
    }

    @Test
    void ofAPlayerInTwoListsAreThoseOfTheLaterOne() {
      store(clan("#2PP", NOW, "#2PPYY"), clan("#2PPP", LATER, "#2PPYY"));
      assertThat(memberships()).containsExactly("#2PPYY #2PPP 600 -");
    }
  }

  @Nested
  class Wars {

    @Test
    void haveAHistoryOfStates() {
      Instant[] at = IntStream.range(0, 6).mapToObj(NOW::plusSeconds).toArray(Instant[]::new);
      store(war("#2PP", at[0], "preparation", 1));
      store(war("#2PP", at[1], "inWar", 1));
      assertThat(store(war("#2PP", at[2], "inWar", 1))).isEmpty();
      store(war("#2PP", at[3], "warEnded", 1));
      store(war("#2PP", at[4], "notInWar", 0));
      assertThat(store(war("#2PP", at[5], "preparation", 2))).containsExactly(key("war", "#2PP"));
      assertThat(states())
          .containsExactly("preparation 1", "inWar 1", "warEnded 1", "notInWar -", "preparation 2");
      assertThat(rows("SELECT extract(day FROM preparation_start_time)::text, state FROM wars"))
          .containsExactlyInAnyOrderEntriesOf(Map.of("1", "warEnded", "2", "preparation"));
    }

    @Test
    void thatAreNoneAreReadAsNone() {
      store(war("#2PP", NOW, "inWar", 1));
      assertThat(store(war("#2PP", LATER, "notInWar", 0))).containsExactly(key("war", "#2PP"));
      assertThat(read(key("war", "#2PP")).toString()).isEqualTo("{\"state\":\"notInWar\"}");
    }

    @Test
    void thatAreSeenLateDoNotChangeTheirHistory() {
      store(war("#2PP", LATER, "warEnded", 1));
      assertThat(store(war("#2PP", NOW, "inWar", 1))).isEmpty();
      assertThat(rows("SELECT clan_tag, state FROM war_states")).containsEntry("#2PP", "warEnded");
    }
  }

  @Test
  void fiftyClansAreStoredAtOnce() {
    List<Fetched.Found> clans =
        IntStream.range(0, 50)
            .mapToObj(GameWorld::clanTag)
            .map(tag -> found("clan", tag, NOW, WORLD.clan(tag, NOW)))
            .toList();
    int members = clans.stream().mapToInt(clan -> clan.body().path("memberList").size()).sum();
    assertThat(store(clans.toArray(Fetched.Found[]::new))).hasSize(50);
    assertThat(count("clans")).isEqualTo(50);
    assertThat(count("players")).isEqualTo(members);
    assertThat(count("clan_memberships")).isEqualTo(members);
  }

  /** Players wander between clans that several writers store in any order. */
  @Test
  void writersDoNotLockEachOtherOut() throws Exception {
    List<String> tags = IntStream.range(0, 40).mapToObj(GameWorld::clanTag).toList();
    List<String> players =
        tags.stream().flatMap(tag -> WORLD.members(tag, NOW).stream().limit(5)).toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        Random random = new Random(writer);
        writers.add(executor.submit(() -> wander(random, tags, players)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(count("clans")).isEqualTo(40);
  }

  private void wander(Random random, List<String> tags, List<String> players) {
    for (int round = 0; round < 25; round++) {
      Instant at = NOW.plusSeconds(round);
      List<String> shuffled = new ArrayList<>(players);
      Collections.shuffle(shuffled, random);
      List<Fetched.Found> clans = new ArrayList<>();
      for (int i = 0; i < tags.size(); i++) {
        clans.add(clan(tags.get(i), at, shuffled.subList(5 * i, 5 * i + 5).toArray(String[]::new)));
      }
      Collections.shuffle(clans, random);
      store(clans.subList(0, 20).toArray(Fetched.Found[]::new));
    }
  }

  private Set<RecordKey> store(Fetched.Found... found) {
    return database.jdbi().inTransaction(handle -> ClashTables.store(handle, List.of(found)));
  }

  private JsonNode read(RecordKey key) {
    return database
        .jdbi()
        .withHandle(handle ->
            ClashTables.read(handle, ClashType.of(key.type()).orElseThrow(), key.tag())
                .orElseThrow());
  }

  private boolean readable(String type, String tag) {
    try (ClashSource source =
        new ClashSource(ClashSettings.of(new ClashAccess.Keys(List.of("k"))), () -> NOW)) {
      return database.jdbi().withHandle(handle -> source.read(handle, key(type, tag)).isPresent());
    }
  }

  /** Which transaction wrote each row, and which one locked it. */
  private Map<String, String> versions() {
    return rows(
        """
        SELECT 'clan ' || tag, xmin || ' ' || xmax FROM clans
        UNION ALL SELECT 'player ' || tag, xmin || ' ' || xmax FROM players
        UNION ALL SELECT 'membership ' || player_tag, xmin || ' ' || xmax FROM clan_memberships
        UNION ALL SELECT 'war ' || clan_tag, xmin || ' ' || xmax FROM wars
        UNION ALL SELECT 'state ' || clan_tag || seen_at, xmin || ' ' || xmax FROM war_states
        """);
  }

  private List<String> memberships() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT concat_ws(' ', player_tag, clan_tag, extract(epoch FROM joined_at - :now)::integer,
                      coalesce((extract(epoch FROM left_at - :now)::integer)::text, '-'))
                    FROM clan_memberships ORDER BY player_tag, joined_at
                    """)
                .bind("now", NOW)
                .mapTo(String.class)
                .list());
  }

  private Set<String> membersNow(String clan) {
    return Set.copyOf(
        database
            .jdbi()
            .withHandle(handle ->
                handle
                    .createQuery(
                        "SELECT player_tag FROM clan_memberships WHERE clan_tag = :clan AND left_at IS NULL")
                    .bind("clan", clan)
                    .mapTo(String.class)
                    .list()));
  }

  private List<String> states() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT state || ' ' || coalesce(extract(day FROM preparation_start_time)::text, '-')
                    FROM war_states ORDER BY seen_at
                    """)
                .mapTo(String.class)
                .list());
  }

  private long count(String table) {
    return Long.parseLong(rows("SELECT 'n', count(*)::text FROM " + table).getOrDefault("n", ""));
  }

  private Map<String, String> rows(String sql) {
    Map<String, String> rows = new TreeMap<>();
    database
        .jdbi()
        .useHandle(handle ->
            handle
                .createQuery(sql)
                .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(row -> rows.put(row.getKey(), row.getValue())));
    return rows;
  }

  private static Fetched.Found clan(String tag, Instant at, String... members) {
    ObjectNode clan = JsonNodeFactory.instance.objectNode();
    clan.put("tag", tag)
        .put("name", "Clan")
        .put("clanLevel", 3)
        .put("ratio", new BigDecimal("12.25"));
    ArrayNode list = clan.putArray("memberList");
    Stream.of(members)
        .forEach(member ->
            list.addObject()
                .put("tag", member)
                .put("name", "Chief")
                .put("role", "member")
                .put("townHallLevel", 9));
    return found("clan", tag, at, clan);
  }

  private static Fetched.Found player(String tag, Instant at, String clan) {
    ObjectNode player = JsonNodeFactory.instance.objectNode();
    player.put("tag", tag).put("name", "Chief").put("role", "member").put("townHallLevel", 9);
    player.putObject("clan").put("tag", clan);
    return found("player", tag, at, player);
  }

  private static Fetched.Found war(String clan, Instant at, String state, int day) {
    ObjectNode war = JsonNodeFactory.instance.objectNode().put("state", state);
    if (day > 0) {
      war.put("preparationStartTime", "2026110%dT000000.000Z".formatted(day));
      war.put("startTime", "2026110%dT230000.000Z".formatted(day));
      war.put("endTime", "2026110%dT230000.000Z".formatted(day + 1));
      war.putObject("clan").put("tag", clan);
      war.putObject("opponent").put("tag", "#8PP");
    }
    return found("war", clan, at, war);
  }

  private static Fetched.Found found(String type, String tag, Instant at, JsonNode body) {
    return new Fetched.Found(key(type, tag), body, at, at, List.of());
  }

  private static RecordKey key(String type, String tag) {
    return new RecordKey(ClashSource.NAME, type, tag);
  }
}
