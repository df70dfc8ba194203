package dev.carillon.postgres;

import static dev.carillon.postgres.EventRows.column;
import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.store.TimeZoneStore;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What re-derivation reads and writes in PostgreSQL. Safe for use by many threads and processes.
 *
 * @param jdbi runs the statements
 */
public record PostgresTimeZoneStore(Jdbi jdbi) implements TimeZoneStore {

  private static final Statements SQL = EngineStatements.SQL;

  public PostgresTimeZoneStore {
    requireNonNull(jdbi, "jdbi is null");
  }

  @Override
  public List<Derived> derivedBefore(String tzdbVersion) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("derived_before"))
            .bind("tzdb_version", tzdbVersion)
            .map((row, _) -> derived(row.getString(1), row.getString(2)))
            .stream()
            .flatMap(Optional::stream)
            .toList());
  }

  @Override
  public void saveFingerprints(String tzdbVersion, Map<ZoneId, String> fingerprints) {
    List<Map.Entry<ZoneId, String>> entries = List.copyOf(fingerprints.entrySet());
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("save_fingerprints"))
            .bind("tzdb_version", tzdbVersion)
            .bindArray("zone", String.class, column(entries, e -> e.getKey().getId()))
            .bindArray("fingerprint", String.class, column(entries, Map.Entry::getValue))
            .execute());
  }

  @Override
  public Optional<String> fingerprint(Derived derived) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("fingerprint"))
            .bind("tzdb_version", derived.tzdbVersion())
            .bind("zone", derived.zone().getId())
            .mapTo(String.class)
            .findOne());
  }

  @Override
  public List<Event> pending(Derived derived, @Nullable UUID after, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("pending_in_zone"))
            .bind("zone", derived.zone().getId())
            .bind("tzdb_version", derived.tzdbVersion())
            .bind("after", after)
            .bind("limit", limit)
            .map((row, _) -> EventRows.read(row))
            .list());
  }

  @Override
  public int move(List<Move> moves) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(SQL.get("move"))
            .bindArray("id", UUID.class, column(moves, m -> m.event().id()))
            .bindArray("from_utc", String.class, column(moves, PostgresTimeZoneStore::fromUtc))
            .bindArray(
                "from_tzdb_version", String.class, column(moves, m -> m.event().at().tzdbVersion()))
            .bindArray("utc", String.class, column(moves, m -> m.to().instant().toString()))
            .bindArray("tzdb_version", String.class, column(moves, m -> m.to().tzdbVersion()))
            .execute());
  }

  /** Empty for a zone that this JVM does not know: it cannot derive anything there. */
  private static Optional<Derived> derived(String zone, String tzdbVersion) {
    try {
      return Optional.of(new Derived(ZoneId.of(zone), tzdbVersion));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String fromUtc(Move move) {
    return move.event().at().instant().toString();
  }
}
