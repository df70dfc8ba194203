package dev.carillon.server.apikey;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.KeyRing;
import dev.carillon.server.security.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The table of API keys. A key is {@code ck_} and 32 random bytes; the table has only its SHA-256,
 * which is enough since nobody can guess 32 random bytes. Safe for use by many threads.
 */
public final class ApiKeys implements KeyRing {

  /** The most keys that are in force at once. */
  public static final int MAX_KEYS = 1_000;

  private static final Statements SQL = Statements.beside(ApiKeys.class, "api_keys.sql");
  private static final int KEY_BYTES = 32;
  private static final String PREFIX = "ck_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  private final Database database;
  private final SecureRandom random = new SecureRandom();

  /** The keys in a database. */
  public ApiKeys(Database database) {
    this.database = database;
  }

  /**
   * Makes a key and stores it.
   *
   * @return the key itself: the only time that anybody sees it; empty if there are too many
   */
  public Optional<String> add(ApiKey key) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    int added =
        database
            .jdbi()
            .withHandle(handle ->
                handle
                    .createUpdate(SQL.get("add"))
                    .bind("id", key.id())
                    .bind("name", key.name())
                    .bind("role", key.role().spelled())
                    .bind("hash", hash(secret))
                    .bind("created_at", key.createdAt())
                    .bind("most", MAX_KEYS)
                    .execute());
    return added == 1 ? Optional.of(secret) : Optional.empty();
  }

  /** The keys that are in force, the newest first. */
  public List<ApiKey> list() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle.createQuery(SQL.get("list")).bind("most", MAX_KEYS).map(ApiKeys::key).list());
  }

  /**
   * Ends a key's life at once.
   *
   * @return false if there is no such key in force
   */
  public boolean revoke(UUID id, Instant now) {
    return database
            .jdbi()
            .withHandle(handle ->
                handle.createUpdate(SQL.get("revoke")).bind("id", id).bind("now", now).execute())
        == 1;
  }

  @Override
  public Optional<Caller> holder(String key) {
    if (!FORM.matcher(key).matches()) {
      return Optional.empty();
    }
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(SQL.get("holder"))
                .bind("hash", hash(key))
                .map(ApiKeys::key)
                .findOne())
        .map(found -> new Caller("api-key:" + found.id(), Set.of(found.role())));
  }

  private static ApiKey key(ResultSet row, StatementContext context) throws SQLException {
    return new ApiKey(
        row.getObject("id", UUID.class),
        row.getString("name"),
        Role.named(row.getString("role")).orElseThrow(),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
