package dev.carillon.view.doctor;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.carillon.postgres.Statements;
import dev.carillon.view.optimisation.JobIndex;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Indexes that nobody reads.
 *
 * @param minBytes smaller ones cost too little to speak of
 * @param minAge how long statistics must have been gathered before they are believed
 */
record UnusedIndexes(long minBytes, Duration minAge) implements Check {

  private static final Statements SQL = Statements.beside(UnusedIndexes.class, "indexes.sql");

  UnusedIndexes {
    requireNonNull(minAge, "minAge is null");
  }

  record Unused(
      String index, String table, List<String> columns, long bytes, List<Remedy> remedies) {

    static Unused read(ResultSet row) throws SQLException {
      return new Unused(
          row.getString("index"),
          row.getString("on_table"),
          List.of((String[]) row.getArray("columns").getArray()),
          row.getLong("bytes"),
          Remedy.of(row));
    }
  }

  @Override
  public String name() {
    return "unused-indexes";
  }

  @Override
  public String reason() {
    return "Each index makes every write dearer; a standby keeps its own counts, so look there, too.";
  }

  @Override
  public String allWell() {
    return "every index of %s or more is read".formatted(Figures.bytes(minBytes));
  }

  @Override
  public List<Advice> look(Handle handle) {
    long seconds = handle.createQuery(SQL.get("statistics_age")).mapTo(Long.class).one();
    List<Unused> unused =
        handle
            .createQuery(SQL.get("unused"))
            .bind("min_bytes", minBytes)
            .bind("limit", MAX_FINDINGS)
            .map((row, _) -> Unused.read(row))
            .list();
    return judge(unused, Duration.ofSeconds(seconds));
  }

  List<Advice> judge(List<Unused> all, Duration age) {
    List<Unused> unused =
        all.stream().filter(one -> !JobIndex.isOne(one.table(), one.columns())).toList();
    if (!unused.isEmpty() && age.compareTo(minAge) < 0) {
      String finding =
          "not read so far: %s; but statistics are only %s old, so ask again when they are %s old"
              .formatted(
                  unused.stream().map(Unused::index).collect(joining(", ")),
                  Figures.age(age),
                  Figures.age(minAge));
      return List.of(Advice.info(this, finding, List.of()));
    }
    return unused.stream().map(one -> advice(one, age)).toList();
  }

  private Advice advice(Unused one, Duration age) {
    String finding =
        "index %s on %s (%s) was not read once in %s"
            .formatted(one.index(), one.table(), Figures.bytes(one.bytes()), Figures.age(age));
    return Advice.warning(this, finding, one.remedies());
  }
}
