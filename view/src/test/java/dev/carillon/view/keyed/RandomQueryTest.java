package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.ViewName;
import dev.carillon.view.definition.KeyedReading;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever query is taken for one that keys can keep, they do keep. */
class RandomQueryTest {

  private static final int ACCEPTED = Integer.getInteger("keyed.queries", 12);
  private static final int MOST_TRIES = 2_000;
  private static final int WRITES = 12;
  private static final ViewName VIEW = new ViewName("made");
  private static final List<String> TABLES = List.of("a", "b", "c");
  private static final List<String> COLUMNS = List.of("x", "y", "z");

  private long seed;
  private Random random = new Random();

  @ParameterizedTest
  @EnumSource(PostgresVersion.class)
  void aQueryThatIsTakenIsKept(PostgresVersion version) {
    Yard yard = Yard.withoutViews(version);
    for (String table : TABLES) {
      yard.run("CREATE TABLE %s (id serial PRIMARY KEY, x int, y int, z int)".formatted(table));
    }
    seed = Long.getLong("keyed.seed", new Random().nextLong());
    random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < MOST_TRIES && accepted < ACCEPTED; i++) {
      String sql = query();
      if (Yard.query(sql).keyed(List.of()) instanceof KeyedReading.Possible) {
        accepted++;
        check(yard, sql);
      }
    }
    assertThat(accepted).isEqualTo(ACCEPTED);
  }

  private void check(Yard yard, String sql) {
    String what = "seed %d, query %s".formatted(seed, sql);
    for (String table : TABLES) {
      yard.run("DELETE FROM " + table);
      yard.run(insert(table) + ", " + values() + ", " + values());
    }
    assertThat(yard.keyed().obstacles(Yard.query(sql), List.of())).as(what).isEmpty();
    yard.keyed().create(VIEW, Yard.query(sql), List.of());
    for (int i = 0; i < WRITES; i++) {
      String write = write();
      yard.run(write);
      assertThat(yard.keyed().audit(VIEW).samples()).as("%s; %s", what, write).isEmpty();
      yard.keyed().work(VIEW);
      assertThat(yard.keyed().audit(VIEW).samples()).as("%s; %s", what, write).isEmpty();
    }
    assertThat(yard.differences(sql, VIEW)).as(what).isZero();
    yard.keyed().drop(VIEW);
  }

  private String query() {
    String first = item(0);
    String second = join(1);
    String third = random.nextBoolean() ? join(2) : " CROSS JOIN (VALUES (1)) AS t2 (id)";
    String key = column(random.nextInt(third.contains("VALUES (1)") ? 2 : 3));
    return "SELECT %s AS k, count(*) AS n, string_agg(concat_ws('/', t0.id, t1.id, t2.id), ',' ORDER BY t0.id, t1.id, t2.id) AS ids%s FROM %s%s%s%s GROUP BY %s"
        .formatted(
            key,
            random.nextInt(4) == 0
                ? ", (SELECT max(e.z) FROM c AS e WHERE e.y = " + key + ") AS m"
                : "",
            first,
            second,
            third,
            where(third.contains("VALUES (1)") ? 2 : 3),
            key);
  }

  private String join(int number) {
    boolean lateral = random.nextInt(5) == 0;
    String other = column(random.nextInt(number));
    String on = column(number) + " = " + other;
    if (random.nextInt(4) == 0) {
      on +=
          " AND " + column(random.nextInt(number + 1)) + " = " + column(random.nextInt(number + 1));
    }
    if (lateral) {
      return " %s LATERAL (SELECT s.* FROM %s AS s WHERE s.%s = %s ORDER BY s.id LIMIT 2) AS t%d ON %s"
          .formatted(
              random.nextBoolean() ? "JOIN" : "LEFT JOIN",
              pick(TABLES),
              pick(COLUMNS),
              other,
              number,
              random.nextBoolean() ? "true" : on);
    }
    String kind =
        pick(List.of("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"));
    return " %s %s ON %s"
        .formatted(
            kind, item(number), kind.equals("FULL JOIN") ? column(number) + " = " + other : on);
  }

  private String item(int number) {
    String table = pick(TABLES);
    String inner =
        switch (random.nextInt(9)) {
          case 0 ->
              "SELECT s.x, max(s.y) AS y, min(s.z) AS z, max(s.id) AS id FROM %s AS s GROUP BY s.x";
          case 1 -> "SELECT s.id, r.x, s.y, s.z FROM %s AS s LEFT JOIN b AS r ON r.x = s.y";
          case 2 -> "SELECT s.id, s.x, r.y, s.z FROM %s AS s JOIN c AS r ON r.y = s.x";
          case 3 -> "SELECT id, x, y, z FROM %s UNION SELECT id, y, x, z FROM c";
          case 4 -> "SELECT id, x, y, z FROM %s EXCEPT SELECT id, x, y, 1 FROM a";
          case 5 -> "SELECT DISTINCT ON (s.x) s.x, s.id, s.y, s.z FROM %s AS s ORDER BY s.x, s.id";
          default -> "";
        };
    return inner.isEmpty()
        ? table + " AS t" + number
        : "(" + inner.formatted(table) + ") AS t" + number;
  }

  private String where(int items) {
    String one = column(random.nextInt(items));
    String other = column(random.nextInt(items));
    String table = pick(TABLES);
    return switch (random.nextInt(10)) {
      case 0 -> " WHERE " + one + " = " + other;
      case 1 -> " WHERE EXISTS (SELECT 1 FROM %s AS e WHERE e.x = %s)".formatted(table, one);
      case 2 -> " WHERE NOT EXISTS (SELECT 1 FROM %s AS e WHERE e.x = %s)".formatted(table, one);
      case 3 -> " WHERE %s IN (SELECT e.y FROM %s AS e)".formatted(one, table);
      case 4 -> " WHERE %s = 1 OR %s IS NULL".formatted(one, other);
      case 5 ->
          " WHERE EXISTS (SELECT 1 FROM %s AS e LEFT JOIN a AS g ON g.x = e.y AND g.z = %s WHERE e.x = %s)"
              .formatted(table, other, one);
      default -> "";
    };
  }

  private String column(int item) {
    return "t" + item + "." + pick(COLUMNS);
  }

  private String write() {
    String table = pick(TABLES);
    return switch (random.nextInt(5)) {
      case 0, 1 -> insert(table);
      case 2 -> "DELETE FROM %s WHERE %s = %d".formatted(table, pick(COLUMNS), random.nextInt(3));
      case 3 -> "DELETE FROM %1$s WHERE id = (SELECT min(id) FROM %1$s)".formatted(table);
      default ->
          "UPDATE %s SET %s = nullif(%d, 0) WHERE %s IS NOT DISTINCT FROM nullif(%d, 0)"
              .formatted(table, pick(COLUMNS), random.nextInt(4), pick(COLUMNS), random.nextInt(4));
    };
  }

  private String insert(String table) {
    return "INSERT INTO " + table + " (x, y, z) VALUES " + values();
  }

  private String values() {
    return "(nullif(%d, 0), nullif(%d, 0), nullif(%d, 0))"
        .formatted(random.nextInt(4), random.nextInt(4), random.nextInt(4));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
