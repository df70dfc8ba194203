package dev.carillon.server.health;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.time.TimeZones;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Compares PostgreSQL's time zone rules with the JVM's. Events do not depend on PostgreSQL's: a
 * difference tells that one of the two is out of date.
 *
 * @param database the database
 * @param zones the JVM's rules
 */
record PostgresTimeZones(Database database, TimeZones zones) {

  /** How many months ahead rules are compared. */
  static final int MONTHS = 24;

  /** How many zones a warning names. */
  static final int MOST_NAMED = 5;

  private static final Statements SQL = Statements.beside(PostgresTimeZones.class, "health.sql");

  /**
   * What was found.
   *
   * @param release which release PostgreSQL seems to have
   * @param differing the zones whose offsets differ, in order
   */
  record Comparison(String release, List<String> differing) {
    Comparison {
      differing = List.copyOf(differing);
    }

    /** The difference in words; null if there is none. */
    @Nullable String warning() {
      if (differing.isEmpty()) {
        return null;
      }
      String named =
          String.join(", ", differing.subList(0, Math.min(MOST_NAMED, differing.size())));
      return "the JVM and PostgreSQL disagree on %d zones in the next %d months, such as %s: update the older one"
          .formatted(differing.size(), MONTHS, named);
    }
  }

  private record Row(String zone, List<Integer> offsets) {
    static Row of(ResultSet row, StatementContext context) throws SQLException {
      Integer[] offsets = (Integer[]) row.getArray("offsets").getArray();
      return new Row(row.getString("name"), List.of(offsets));
    }
  }

  /** Asks PostgreSQL for some 15,000 offsets in one query, and compares. */
  Comparison compare(Instant now) {
    List<Instant> instants = instants(now);
    Map<String, List<Integer>> rows = new TreeMap<>();
    ask(instants).forEach(row -> rows.put(row.zone(), row.offsets()));
    List<String> differing = new ArrayList<>();
    rows.forEach((zone, offsets) -> {
      if (ZoneId.getAvailableZoneIds().contains(zone) && differs(zone, offsets, instants)) {
        differing.add(zone);
      }
    });
    return new Comparison(TimeZoneRelease.of(offsets(rows, instants)), differing);
  }

  private List<Row> ask(List<Instant> instants) {
    TreeSet<String> names = new TreeSet<>(ZoneId.getAvailableZoneIds());
    TimeZoneRelease.FACTS.forEach(fact -> names.add(fact.zone()));
    Long[] seconds = instants.stream().map(Instant::getEpochSecond).toArray(Long[]::new);
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(SQL.get("zone_offsets"))
                .bind("zones", names.toArray(String[]::new))
                .bind("seconds", seconds)
                .map(Row::of)
                .list());
  }

  private boolean differs(String zone, List<Integer> offsets, List<Instant> instants) {
    for (int i = 0; i < offsets.size(); i++) {
      Instant instant = instants.get(i);
      if (zones.rules(ZoneId.of(zone)).getOffset(instant).getTotalSeconds() != offsets.get(i)) {
        return true;
      }
    }
    return false;
  }

  private static List<Instant> instants(Instant now) {
    TreeSet<Instant> instants = new TreeSet<>();
    TimeZoneRelease.FACTS.forEach(fact -> instants.add(fact.at()));
    ZonedDateTime start = now.atZone(ZoneOffset.UTC);
    for (int month = 0; month <= MONTHS; month++) {
      instants.add(start.plusMonths(month).toInstant());
    }
    return List.copyOf(instants);
  }

  private static TimeZoneRelease.Offsets offsets(
      Map<String, List<Integer>> rows, List<Instant> instants) {
    return (zone, instant) -> {
      List<Integer> offsets = rows.get(zone);
      int position = instants.indexOf(instant);
      return offsets == null || position < 0
          ? Optional.empty()
          : Optional.of(ZoneOffset.ofTotalSeconds(offsets.get(position)));
    };
  }
}
