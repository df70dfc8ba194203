package dev.carillon.webhook.endpoint;

import dev.carillon.postgres.Statements;
import dev.carillon.webhook.endpoint.Vault.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * All secrets of a database, as what is encrypted with one key or another: looked at when a process
 * starts. To replace ENCRYPTION_KEY, give every process both keys, the old one first; then both,
 * the new one first; then the new one alone.
 *
 * @param jdbi the database
 * @param vault the keys that this process has
 */
public record EncryptedSecrets(Jdbi jdbi, Vault vault) {

  /** How many secrets are encrypted again in one transaction. */
  static final int BATCH = 500;

  private static final Statements SQL = Statements.beside(EncryptedSecrets.class, "encryption.sql");

  /**
   * Checks that this process can decrypt every secret of the database, and registers its first key.
   *
   * @throws UnknownEncryptionKey if it cannot; the message says what to set
   */
  public void requireKnownKey() {
    jdbi.useTransaction(handle -> {
      handle.execute(SQL.get("lock"));
      handle.createQuery(SQL.get("needed")).mapTo(String.class).forEach(vault::require);
      bindFirst(handle.createUpdate(SQL.get("register"))).execute();
    });
  }

  /**
   * Encrypts every secret with the first key that is not yet, so that the others may be given up.
   * May run in many processes at once.
   *
   * @return how many were encrypted again
   */
  public int reencrypt() {
    int moved =
        reencrypt("keys_of_others", "reseal_key", EndpointKeys::secret)
            + reencrypt("client_keys_of_others", "reseal_client_key", EndpointRows::clientKey);
    jdbi.useHandle(handle -> bindFirst(handle.createUpdate(SQL.get("forget_others"))).execute());
    return moved;
  }

  private int reencrypt(String select, String update, Function<UUID, Place> place) {
    int moved = 0;
    int batch;
    do {
      batch = jdbi.inTransaction(handle -> reencryptBatch(handle, select, update, place));
      moved += batch;
    } while (batch == BATCH);
    return moved;
  }

  private int reencryptBatch(
      Handle handle, String select, String update, Function<UUID, Place> place) {
    Map<UUID, byte[]> rows = new LinkedHashMap<>();
    bindFirst(handle.createQuery(SQL.get(select)))
        .bind("limit", BATCH)
        .map((row, _) -> Map.entry(row.getObject("id", UUID.class), row.getBytes("sealed")))
        .forEach(row -> rows.put(row.getKey(), row.getValue()));
    PreparedBatch updates = handle.prepareBatch(SQL.get(update));
    rows.forEach((id, sealed) -> {
      Place where = place.apply(id);
      String text = vault.decrypt(sealed, where);
      updates.bind("id", id).bind("sealed", vault.encrypt(text, where)).add();
    });
    updates.execute();
    return rows.size();
  }

  private <S extends SqlStatement<S>> S bindFirst(S statement) {
    return statement.bind("key_id", vault.firstKeyId());
  }
}
