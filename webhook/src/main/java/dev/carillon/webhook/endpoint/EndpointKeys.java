package dev.carillon.webhook.endpoint;

import dev.carillon.event.EventIds;
import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.Statements;
import dev.carillon.webhook.endpoint.Vault.Place;
import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of signing keys, within the transaction that changes their endpoint.
 *
 * @param vault encrypts them
 * @param ids names them
 */
record EndpointKeys(Vault vault, EventIds ids) {

  private static final Statements SQL = Statements.beside(EndpointKeys.class, "endpoint_keys.sql");

  private static final String SECRET = "endpoint_key.secret";

  /** The place of a key's secret. */
  static Place secret(UUID key) {
    return new Place(key, SECRET);
  }

  /** Adds a key, which becomes the current one. */
  void add(Handle handle, UUID endpoint, SigningKey key, Instant now) {
    UUID id = ids.next();
    handle
        .createUpdate(SQL.get("insert"))
        .bind("id", id)
        .bind("endpoint", endpoint)
        .bind("kind", key.kind().spelled())
        .bind("secret", vault.encrypt(key.secret(), secret(id)))
        .bind("public_key", key.publicKey().orElse(null))
        .bind("now", now)
        .execute();
  }

  /** Puts these keys, the current one first, in the place of all others. */
  void replaceAll(Handle handle, UUID endpoint, List<SigningKey> keys, Instant now) {
    handle.createUpdate(SQL.get("drop_all")).bind("endpoint", endpoint).execute();
    keys.reversed().forEach(key -> add(handle, endpoint, key, now));
  }

  /** Sets all keys' end, where none was set that is earlier; drops those that have ended. */
  void end(Handle handle, UUID endpoint, Instant end, Instant now) {
    handle.createUpdate(SQL.get("end")).bind("endpoint", endpoint).bind("end", end).execute();
    handle
        .createUpdate(SQL.get("drop_ended"))
        .bind("endpoint", endpoint)
        .bind("now", now)
        .execute();
  }

  /** Drops all endpoints' ended keys. */
  static int expire(Handle handle, Instant now) {
    return handle.createQuery(SQL.get("expire")).bind("now", now).mapTo(Integer.class).one();
  }

  static List<LiveKey> live(Handle handle, UUID endpoint, Instant now) {
    return handle
        .createQuery(SQL.get("live"))
        .bind("endpoint", endpoint)
        .bind("now", now)
        .map((row, _) -> liveKey(row))
        .list();
  }

  /** An endpoint's secrets; empty if there is no such endpoint. */
  Optional<Secrets> secrets(Handle handle, UUID endpoint, Instant now) {
    List<SecretRow> rows =
        handle
            .createQuery(SQL.get("secrets"))
            .bind("endpoint", endpoint)
            .bind("now", now)
            .map((row, _) -> secretRow(row))
            .list();
    return rows.isEmpty() ? Optional.empty() : Optional.of(secrets(rows));
  }

  /** A row of an endpoint and one of its keys; the key is null if it has none. */
  private record SecretRow(
      @Nullable SigningKey key, @Nullable Instant expiresAt, @Nullable ClientTls tls) {}

  private static Secrets secrets(List<SecretRow> rows) {
    List<SigningKey> keys = new ArrayList<>();
    rows.stream().map(SecretRow::key).filter(Objects::nonNull).forEach(keys::add);
    Optional<Instant> until =
        rows.stream()
            .flatMap(row -> Optional.ofNullable(row.expiresAt()).stream())
            .min(Comparator.naturalOrder());
    return new Secrets(keys, rows.getFirst().tls(), until.orElse(null));
  }

  private SecretRow secretRow(ResultSet row) throws SQLException {
    UUID id = row.getObject("key_id", UUID.class);
    return new SecretRow(
        id == null ? null : SigningKey.parse(vault.decrypt(row.getBytes("secret"), secret(id))),
        EventRows.instantOrNull(row, "expires_at"),
        EndpointRows.tls(row, row.getObject("endpoint_id", UUID.class), vault));
  }

  private static LiveKey liveKey(ResultSet row) throws SQLException {
    return new LiveKey(
        row.getObject("id", UUID.class),
        SignatureKind.named(row.getString("kind")).orElseThrow(),
        row.getString("public_key"),
        EventRows.instant(row, "created_at"),
        EventRows.instantOrNull(row, "expires_at"));
  }
}
