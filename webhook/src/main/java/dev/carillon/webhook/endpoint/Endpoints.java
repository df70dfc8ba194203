package dev.carillon.webhook.endpoint;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.EventIds;
import dev.carillon.webhook.endpoint.Endpoint.Disabled;
import dev.carillon.webhook.endpoint.EndpointTable.Draft;
import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The endpoints of a database. Safe for use by many threads and processes. */
public final class Endpoints {

  /** The most endpoints. */
  public static final int MAX_ENDPOINTS = 10_000;

  /** The most endpoints of one page. */
  public static final int MAX_PAGE = 1_000;

  /** The most keys of an endpoint that are live at once. */
  public static final int MAX_KEYS = 10;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final EventIds ids;
  private final EndpointTable table;
  private final EndpointKeys keys;

  /** The endpoints of a database, whose secrets the vault encrypts. */
  public Endpoints(Jdbi jdbi, Vault vault, InstantSource clock) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.ids = new EventIds(clock);
    this.table = new EndpointTable(vault);
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
    Draft draft = new Draft(ids.next(), settings, key.kind(), disabled);
    return jdbi.inTransaction(handle -> {
      if (table.count(handle) >= MAX_ENDPOINTS) {
        return new EndpointChange.TooMany();
      }
      Optional<Endpoint> made = table.insert(handle, draft, now);
      made.ifPresent(endpoint -> keys.add(handle, endpoint.id(), key, now));
      return made.<EndpointChange>map(EndpointChange.Done::new)
          .orElseGet(() -> new EndpointChange.NameTaken(settings.name()));
    });
  }

  /** An endpoint by its id. */
  public Optional<Endpoint> find(UUID id) {
    return jdbi.withHandle(handle -> table.find(handle, id));
  }

  /** An endpoint by its id or its name. */
  public Optional<Endpoint> find(String ref) {
    if (Endpoint.isId(ref)) {
      return find(UUID.fromString(ref));
    }
    return Endpoint.isName(ref)
        ? jdbi.withHandle(handle -> table.find(handle, ref))
        : Optional.empty();
  }

  /**
   * A page of endpoints, newest first.
   *
   * @param before the last id of the page before; null for the first page
   */
  public List<Endpoint> list(@Nullable UUID before, int limit) {
    return jdbi.withHandle(handle -> table.list(handle, before, Math.clamp(limit, 1, MAX_PAGE)));
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
          table.delete(handle, id);
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
        (handle, endpoint) ->
            new EndpointChange.Done(table.enable(handle, id, clock.instant()).orElse(endpoint)));
  }

  /**
   * Lets no more messages be sent; if that was so already, the first reason stays.
   *
   * @param reason why, of 1 to {@link Disabled#MAX_REASON_LENGTH} characters
   * @return {@link EndpointChange.Done} or {@link EndpointChange.Missing}
   */
  public EndpointChange disable(UUID id, String reason) {
    Disabled disabled = new Disabled(clock.instant(), reason);
    return locked(
        id,
        (handle, endpoint) ->
            new EndpointChange.Done(table.disable(handle, id, disabled).orElse(endpoint)));
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
    return jdbi.withHandle(handle -> EndpointKeys.expire(handle, now));
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
    SignatureKind kind = signing.getFirst().kind();
    Draft draft = new Draft(ids.next(), EndpointSettings.of(name, url), kind, null);
    return jdbi.inTransaction(handle -> {
      table.insert(handle, draft, clock.instant());
      Endpoint endpoint = table.lock(handle, name).orElseThrow();
      return isAsAsked(handle, endpoint, url, signing)
          ? endpoint
          : manage(handle, endpoint.id(), url, signing);
    });
  }

  /**
   * Gives the endpoints that the settings no more ask for to the API.
   *
   * @return how many there were
   */
  public int releaseManaged() {
    return jdbi.withHandle(handle -> table.release(handle, clock.instant()));
  }

  /** A change of an endpoint that is locked until the transaction ends. */
  private interface Work {
    EndpointChange apply(Handle handle, Endpoint endpoint);
  }

  private EndpointChange locked(UUID id, Work work) {
    return jdbi.inTransaction(handle ->
        table
            .lock(handle, id)
            .map(endpoint -> work.apply(handle, endpoint))
            .orElseGet(EndpointChange.Missing::new));
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
    return table
        .update(handle, before.id(), wanted, clock.instant())
        .<EndpointChange>map(EndpointChange.Done::new)
        .orElseGet(() -> new EndpointChange.NameTaken(wanted.name()));
  }

  private EndpointChange rotate(Handle handle, UUID id, Rotation rotation, SigningKey key) {
    Instant now = clock.instant();
    boolean overlaps = rotation.overlap().isPositive();
    if (overlaps && EndpointKeys.live(handle, id, now).size() >= MAX_KEYS) {
      return new EndpointChange.TooManyKeys();
    }
    keys.end(handle, id, now.plus(rotation.overlap()), now);
    keys.add(handle, id, key, now);
    Endpoint rotated = table.rotated(handle, id, key.kind(), now);
    return new EndpointChange.Rotated(rotated, key, EndpointKeys.live(handle, id, now));
  }

  private boolean isAsAsked(Handle handle, Endpoint endpoint, URI url, List<SigningKey> signing) {
    return endpoint.managed()
        && endpoint.url().equals(url)
        && texts(keys.secrets(handle, endpoint.id(), clock.instant()).orElseThrow().keys())
            .equals(texts(signing));
  }

  private Endpoint manage(Handle handle, UUID id, URI url, List<SigningKey> signing) {
    Instant now = clock.instant();
    keys.replaceAll(handle, id, signing, now);
    table.rotated(handle, id, signing.getFirst().kind(), now);
    return table.manage(handle, id, url);
  }

  private static List<String> texts(List<SigningKey> signing) {
    return signing.stream().map(SigningKey::secret).toList();
  }
}
