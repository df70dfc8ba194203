package dev.carillon.view.keyed;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Capture;
import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.SourceTree;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code keyed_view}.
 *
 * @param definition the query as it was written
 * @param sources the tables' object ids
 * @param exact whether nothing is known that was not captured
 * @param reason why not; null if exact
 * @param fingerprint what triggers and partitions were when it was last filled whole
 * @param dropping whether a drop has begun
 */
record StoredView(
    KeyedNames names,
    String definition,
    List<Long> sources,
    boolean exact,
    @Nullable String reason,
    @Nullable String fingerprint,
    boolean dropping,
    @Nullable Instant syncedAt,
    @Nullable Instant workedAt) {

  StoredView {
    sources = List.copyOf(sources);
  }

  static Optional<StoredView> find(Handle handle, ViewName view) {
    return handle
        .createQuery(Keyed.SQL.get("find"))
        .bind("view", view.text())
        .map((row, _) -> from(row))
        .findOne();
  }

  /** What sees the writes to each table. */
  List<Capture> captures() {
    return IntStream.range(0, sources.size())
        .mapToObj(i -> names.capture(sources.get(i), i + 1))
        .toList();
  }

  List<SourceTree> trees(Handle handle) {
    return captures().stream().map(capture -> SourceTree.of(handle, capture)).toList();
  }

  /** Whether it is being dropped, or somebody dropped its table. */
  boolean isGone(Handle handle) {
    return dropping || Facts.kind(handle, names.target()).isEmpty();
  }

  /** What of the tables is not seen, if anything. */
  static Optional<String> gap(List<SourceTree> trees) {
    return trees.stream().flatMap(tree -> tree.gap().stream()).findFirst();
  }

  /** A text that differs when anything that matters was touched. */
  static String fingerprint(List<SourceTree> trees) {
    return trees.stream().map(SourceTree::fingerprint).collect(Collectors.joining(" "));
  }

  private static StoredView from(ResultSet row) throws SQLException {
    KeyedNames names =
        new KeyedNames(
            row.getString("schema_name"),
            new ViewName(row.getString("view_name")),
            List.of((String[]) row.getArray("columns").getArray()),
            List.of((String[]) row.getArray("key_columns").getArray()),
            row.getInt("touched"));
    return new StoredView(
        names,
        row.getString("definition"),
        List.of((Long[]) row.getArray("sources").getArray()),
        row.getBoolean("exact"),
        row.getString("reason"),
        row.getString("fingerprint"),
        row.getBoolean("dropping"),
        instant(row, "synced_at"),
        instant(row, "worked_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
