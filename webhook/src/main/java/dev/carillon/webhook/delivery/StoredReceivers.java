package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.UnknownEncryptionKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of a database, kept in memory. What is kept is looked up again when its revision is
 * out of date, and at the latest after {@link #KEPT_FOR}; who changed an endpoint here {@linkplain
 * #forget forgets} it at once.
 */
public final class StoredReceivers implements Receivers {

  /** How long what is known holds, where nothing is known of revisions. */
  public static final Duration KEPT_FOR = Duration.ofSeconds(1);

  /** How long what is known holds at most. */
  public static final Duration KEPT_AT_MOST = Duration.ofSeconds(60);

  /** The most that is kept; beyond, all is forgotten. */
  static final int MAX_KEPT = 2 * Endpoints.MAX_ENDPOINTS;

  private static final Logger LOG = LoggerFactory.getLogger(StoredReceivers.class);
  private static final Unreadable NOT_TOLD =
      new Unreadable("the database does not tell where the endpoint is");

  /** What was found under an id or a name, and when. */
  private record Known(Found found, long revision, @Nullable Instant until, long foundAt) {}

  private final Endpoints endpoints;
  private final ToLongFunction<UUID> revisions;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * The receivers of a database.
   *
   * @param revisions which revision of an endpoint other processes see; 0 if that is not known
   */
  public StoredReceivers(Endpoints endpoints, ToLongFunction<UUID> revisions, InstantSource clock) {
    this.endpoints = requireNonNull(endpoints, "endpoints is null");
    this.revisions = requireNonNull(revisions, "revisions is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Found find(@Nullable String destination) {
    String ref = destination == null ? Endpoint.DEFAULT_NAME : destination;
    Known kept = known.get(ref);
    if (kept != null && holds(kept)) {
      return kept.found();
    }
    if (known.size() >= MAX_KEPT) {
      known.clear();
    }
    // One thread looks, and the others wait for what it finds.
    return requireNonNull(
            known.compute(ref, (_, other) -> other != null && holds(other) ? other : lookUp(ref)))
        .found();
  }

  /** Forgets what is kept of all endpoints: one was changed here. */
  public void forget() {
    known.clear();
  }

  private boolean holds(Known kept) {
    long age = System.nanoTime() - kept.foundAt();
    if (age > KEPT_AT_MOST.toNanos() || isOver(kept.until())) {
      return false;
    }
    long current =
        kept.found() instanceof Receiver receiver ? revisions.applyAsLong(receiver.id()) : 0;
    // What was looked up here may be newer than what the others have heard of yet.
    return current == 0 ? age <= KEPT_FOR.toNanos() : current <= kept.revision();
  }

  private boolean isOver(@Nullable Instant until) {
    return until != null && !until.isAfter(clock.instant());
  }

  private Known lookUp(String ref) {
    long at = System.nanoTime();
    try {
      return endpoints
          .find(ref)
          .map(endpoint -> read(endpoint, at))
          .orElseGet(() -> new Known(missing(ref), 0, null, at));
    } catch (JdbiException e) {
      LOG.warn("cannot look up an endpoint: {}", e.toString());
      return new Known(NOT_TOLD, 0, null, at);
    }
  }

  private Known read(Endpoint endpoint, long at) {
    long revision = endpoint.revision();
    try {
      return endpoints
          .secrets(endpoint.id(), clock.instant())
          .map(secrets -> new Known(Receiver.of(endpoint, secrets), revision, secrets.until(), at))
          // It was deleted meanwhile.
          .orElseGet(() -> new Known(missing(endpoint.name()), 0, null, at));
    } catch (UnknownEncryptionKey | IllegalArgumentException | IllegalStateException e) {
      return new Known(new Unreadable(String.valueOf(e.getMessage())), revision, null, at);
    }
  }

  private static Missing missing(String ref) {
    return new Missing("there is no endpoint " + ref + ": make one");
  }
}
