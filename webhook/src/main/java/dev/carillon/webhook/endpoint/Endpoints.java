package dev.carillon.webhook.endpoint;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.EventIds;
import dev.carillon.postgres.Statements;
import dev.carillon.webhook.endpoint.Endpoint.Disabled;
import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The endpoints of a database. Safe for use by many threads and processes. */
public final class Endpoints {

  /** The most endpoints. */
  public static final int MAX_ENDPOINTS = 10_000;

  /** The most endpoints of one page. */
  public static final int MAX_PAGE = 1_000;

  /** The most keys of an endpoint that are live at once. */
  public static final int MAX_KEYS = 10;

  private static final Statements SQL = Statements.beside(Endpoints.class, "endpoints.sql");
  private static final String RENAMING = "renaming";
  private static final String UNIQUE_VIOLATION = "23505";

  private final Jdbi jdbi;
  private final Vault vault;
  private final InstantSource clock;
  private final EventIds ids;
  private final EndpointKeys keys;

  /** The endpoints of a database, whose secrets the vault encrypts. */
  public Endpoints(Jdbi jdbi, Vault vault, InstantSource clock) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.vault = requireNonNull(vault, "vault is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.ids = new EventIds(clock);
    this.keys = new EndpointKeys(vault, ids);
  }

  /**
   * Makes an endpoint.
   *
   * @param key its first key, generated or given: its secret is to be shown to the owner once
   * @param disabledReason why nothing is to be sent yet; null if it is enabled
   * @return {@link EndpointChange.Done}, {@link EndpointChange.NameTaken} or {@link
   *     EndpointChange.TooMany}
   */
  public EndpointChange create(
      EndpointSettings settings, SigningKey key, @Nullable String disabledReason) {
    Instant now = clock.instant();
    Disabled disabled = disabledReason == null ? null : new Disabled(now, disabledReason);
    return jdbi.inTransaction(handle -> {
      if (handle.createQuery(SQL.get("count")).mapTo(Integer.class).one() >= MAX_ENDPOINTS) {
        return new EndpointChange.TooMany();
      }
      Optional<Endpoint> made = insert(handle, settings, key.kind(), disabled);
      made.ifPresent(endpoint -> keys.add(handle, endpoint.id(), key, now));
      return made.<EndpointChange>map(EndpointChange.Done::new)
          .orElseGet(() -> new EndpointChange.NameTaken(settings.name()));
    });
  }

  /** An endpoint by its id. */
  public Optional<Endpoint> find(UUID id) {
    return jdbi.withHandle(handle -> one(handle, "find", id));
  }

  /** An endpoint by its id or its name. */
  public Optional<Endpoint> find(String ref) {
    return Endpoint.isId(ref)
        ? find(UUID.fromString(ref))
        : jdbi.withHandle(handle -> named(handle, "find_by_name", ref));
  }

  /**
   * A page of endpoints, newest first.
   *
   * @param before the last id of the page before; null for the first page
   */
  public List<Endpoint> list(@Nullable UUID before, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("list"))
            .bind("before", before)
            .bind("limit", Math.clamp(limit, 1, MAX_PAGE))
            .map((row, _) -> EndpointRows.read(row))
            .list());
  }

  /**
   * Changes an endpoint, which stands still meanwhile.
   *
   * @param revision the revision that the change is meant for; null for any
   * @param change makes the new settings of the old ones; what it throws ends the change
   * @return {@link EndpointChange.Done}, {@link EndpointChange.Missing}, {@link
   *     EndpointChange.Stale}, {@link EndpointChange.NameTaken} or {@link EndpointChange.Managed}
   */
  public EndpointChange update(
      UUID id, @Nullable Long revision, UnaryOperator<EndpointSettings> change) {
    return locked(
        id,
        (handle, before) -> {
          if (revision != null && revision != before.revision()) {
            return new EndpointChange.Stale(before);
          }
          ClientTls tls = keys.secrets(handle, id, clock.instant()).orElseThrow().tls();
          EndpointSettings old = EndpointSettings.of(before, tls);
          return write(handle, before, old, change.apply(old));
        });
  }

  /**
   * Deletes an endpoint and its keys.
   *
   * @return {@link EndpointChange.Done} with what it was, {@link EndpointChange.Missing} or {@link
   *     EndpointChange.Managed}
   */
  public EndpointChange delete(UUID id) {
    return locked(
        id,
        (handle, endpoint) -> {
          if (endpoint.managed()) {
            return new EndpointChange.Managed(endpoint);
          }
          handle.createUpdate(SQL.get("delete")).bind("id", id).execute();
          return new EndpointChange.Done(endpoint);
        });
  }

  /**
   * Gives an endpoint a new key; those of before sign beside it until the overlap is over.
   *
   * @return {@link EndpointChange.Rotated}, {@link EndpointChange.Missing}, {@link
   *     EndpointChange.Managed}, {@link EndpointChange.TooManyKeys} or {@link
   *     EndpointChange.WrongKind}
   */
  public EndpointChange rotate(UUID id, Rotation rotation) {
    return locked(
        id,
        (handle, endpoint) -> {
          if (endpoint.managed()) {
            return new EndpointChange.Managed(endpoint);
          }
          SignatureKind kind = rotation.kindAfter(endpoint.signature());
          SigningKey key = rotation.given() == null ? SigningKey.generate(kind) : rotation.given();
          return key.kind() == kind
              ? rotate(handle, id, rotation, key)
              : new EndpointChange.WrongKind(kind);
        });
  }

  /** Lets messages be sent again; {@link EndpointChange.Done} or {@link EndpointChange.Missing}. */
  public EndpointChange enable(UUID id) {
    return locked(
        id,
        (handle, endpoint) -> done(handle.createQuery(SQL.get("enable")).bind("id", id), endpoint));
  }

  /**
   * Lets no more messages be sent; if that was so already, the first reason stays.
   *
   * @param reason why, of 1 to {@link Disabled#MAX_REASON_LENGTH} characters
   * @return {@link EndpointChange.Done} or {@link EndpointChange.Missing}
   */
  public EndpointChange disable(UUID id, String reason) {
    String checked = new Disabled(clock.instant(), reason).reason();
    return locked(
        id,
        (handle, endpoint) ->
            done(
                handle.createQuery(SQL.get("disable")).bind("id", id).bind("reason", checked),
                endpoint));
  }

  /** The keys that sign at a moment, the current one first, without their secrets. */
  public List<LiveKey> keys(UUID id, Instant now) {
    return jdbi.withHandle(handle -> EndpointKeys.live(handle, id, now));
  }

  /**
   * What is needed to send at a moment; empty if there is no such endpoint.
   *
   * @throws UnknownEncryptionKey if this process cannot decrypt it
   */
  public Optional<Secrets> secrets(UUID id, Instant now) {
    return jdbi.withHandle(handle -> keys.secrets(handle, id, now));
  }

  /**
   * Deletes the keys whose end has come, for good.
   *
   * @return how many there were
   */
  public int expireKeys(Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(EndpointKeys.SQL.get("expire"))
            .bind("now", now)
            .mapTo(Integer.class)
            .one());
  }

  /**
   * Makes the endpoint that the settings ask for, or makes it as they ask; what else was chosen of
   * it stays. May run in many processes at once.
   *
   * @param signing the keys that sign, the current one first: all others go
   */
  public Endpoint upsertManaged(String name, URI url, List<SigningKey> signing) {
    if (signing.isEmpty() || signing.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "an endpoint has from 1 to %d keys, not %d".formatted(MAX_KEYS, signing.size()));
    }
    return jdbi.inTransaction(handle -> {
      insert(handle, EndpointSettings.of(name, url), signing.getFirst().kind(), null);
      Endpoint endpoint = named(handle, "lock_by_name", name).orElseThrow();
      boolean asAsked =
          endpoint.managed()
              && endpoint.url().equals(url)
              && secretsOf(handle, endpoint.id()).equals(texts(signing));
      return asAsked ? endpoint : manage(handle, endpoint, url, signing);
    });
  }

  /**
   * Gives the endpoints that the settings no more ask for to the API.
   *
   * @return how many there were
   */
  public int releaseManaged() {
    return jdbi.withHandle(
        handle -> handle.createUpdate(SQL.get("release")).bind("now", clock.instant()).execute());
  }

  /** A change of an endpoint that is locked until the transaction ends. */
  private interface Work {
    EndpointChange apply(Handle handle, Endpoint endpoint);
  }

  private EndpointChange locked(UUID id, Work work) {
    return jdbi.inTransaction(handle ->
        one(handle, "lock", id)
            .map(endpoint -> work.apply(handle, endpoint))
            .orElseGet(EndpointChange.Missing::new));
  }

  private Optional<Endpoint> insert(
      Handle handle, EndpointSettings settings, SignatureKind kind, @Nullable Disabled disabled) {
    return EndpointRows.bind(handle.createQuery(SQL.get("insert")), ids.next(), settings, vault)
        .bind("signature", kind.spelled())
        .bind("managed", false)
        .bind("disabled_at", disabled == null ? null : disabled.at())
        .bind("disabled_reason", disabled == null ? null : disabled.reason())
        .bind("now", clock.instant())
        .map((row, _) -> EndpointRows.read(row))
        .findOne();
  }

  private EndpointChange write(
      Handle handle, Endpoint before, EndpointSettings old, EndpointSettings wanted) {
    if (wanted.equals(old)) {
      return new EndpointChange.Done(before);
    }
    boolean elsewhere = !wanted.name().equals(old.name()) || !wanted.url().equals(old.url());
    if (before.managed() && elsewhere) {
      return new EndpointChange.Managed(before);
    }
    handle.savepoint(RENAMING);
    try {
      return new EndpointChange.Done(
          changed(
              EndpointRows.bind(
                  handle.createQuery(SQL.get("update")), before.id(), wanted, vault)));
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException cause
          && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
        handle.rollbackToSavepoint(RENAMING);
        return new EndpointChange.NameTaken(wanted.name());
      }
      throw e;
    }
  }

  private EndpointChange rotate(Handle handle, UUID id, Rotation rotation, SigningKey key) {
    Instant now = clock.instant();
    boolean overlaps = rotation.overlap().isPositive();
    if (overlaps && EndpointKeys.live(handle, id, now).size() >= MAX_KEYS) {
      return new EndpointChange.TooManyKeys();
    }
    keys.end(handle, id, now.plus(rotation.overlap()), now);
    keys.add(handle, id, key, now);
    Endpoint rotated =
        changed(
            handle
                .createQuery(SQL.get("rotated"))
                .bind("id", id)
                .bind("signature", key.kind().spelled()));
    return new EndpointChange.Rotated(rotated, key, EndpointKeys.live(handle, id, now));
  }

  private Endpoint manage(Handle handle, Endpoint endpoint, URI url, List<SigningKey> signing) {
    keys.replaceAll(handle, endpoint.id(), signing, clock.instant());
    return changed(
        handle
            .createQuery(SQL.get("manage"))
            .bind("id", endpoint.id())
            .bind("url", url.toString())
            .bind("signature", signing.getFirst().kind().spelled()));
  }

  private List<String> secretsOf(Handle handle, UUID id) {
    return texts(keys.secrets(handle, id, clock.instant()).orElseThrow().keys());
  }

  private static List<String> texts(List<SigningKey> signing) {
    return signing.stream().map(SigningKey::secret).toList();
  }

  private EndpointChange done(Query statement, Endpoint before) {
    return new EndpointChange.Done(
        statement
            .bind("now", clock.instant())
            .map((row, _) -> EndpointRows.read(row))
            .findOne()
            .orElse(before));
  }

  private Endpoint changed(Query statement) {
    return statement.bind("now", clock.instant()).map((row, _) -> EndpointRows.read(row)).one();
  }

  private static Optional<Endpoint> one(Handle handle, String statement, UUID id) {
    return handle
        .createQuery(SQL.get(statement))
        .bind("id", id)
        .map((row, _) -> EndpointRows.read(row))
        .findOne();
  }

  private static Optional<Endpoint> named(Handle handle, String statement, String name) {
    return handle
        .createQuery(SQL.get(statement))
        .bind("name", name)
        .map((row, _) -> EndpointRows.read(row))
        .findOne();
  }
}
