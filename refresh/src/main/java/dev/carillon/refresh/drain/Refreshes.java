package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.pace.TempoStore;
import dev.carillon.refresh.queue.RedisInbox;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.record.Failures;
import dev.carillon.refresh.record.Freshness;
import dev.carillon.refresh.record.RecordState;
import dev.carillon.refresh.record.Records;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.request.Urgency;
import dev.carillon.refresh.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others ask of this module: fetch these records again, show this one, how is it going. Safe
 * for use by many threads.
 */
public final class Refreshes implements RedisInbox.Keys {

  /** How far ahead a wish may be made: as far as clocks may differ. */
  public static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  /** How long ago a wish may say it was made: whoever says longer would be served before all. */
  public static final Duration MAX_AGO = Duration.ofDays(1);

  private static final Duration DAY = Duration.ofDays(1);
  private static final Logger LOG = LoggerFactory.getLogger(Refreshes.class);

  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Source first;
  private final Urgency urgency;
  private final RefreshQueue queue;
  private final TempoStore tempos;
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Failures failures;
  private final DrainLog drains;

  /**
   * The refreshing of some sources.
   *
   * @param sources at least one; the first is meant when none is named
   * @param urgency how urgent wishes are that do not say
   */
  public Refreshes(
      List<Source> sources,
      Urgency urgency,
      RefreshQueue queue,
      TempoStore tempos,
      Jdbi jdbi,
      InstantSource clock) {
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("sources must not be empty");
    }
    sources.forEach(source -> this.sources.put(source.name(), source));
    this.first = sources.getFirst();
    this.urgency = requireNonNull(urgency, "urgency is null");
    this.queue = requireNonNull(queue, "queue is null");
    this.tempos = requireNonNull(tempos, "tempos is null");
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.failures = new Failures(jdbi);
    this.drains = new DrainLog(jdbi);
  }

  /**
   * The name of a record, as its source writes it.
   *
   * @param source the source's name; null for the first one
   * @throws IllegalArgumentException if there can be none of that name; the message names the field
   *     and says what is allowed
   */
  @Override
  public RecordKey key(@Nullable String source, String type, String tag) {
    Source known = source == null ? first : sources.get(source);
    if (known == null) {
      throw new IllegalArgumentException(
          "source must be one of " + String.join(", ", sources.keySet()));
    }
    if (!known.types().contains(type)) {
      throw new IllegalArgumentException(
          "type must be one of " + String.join(", ", known.types().stream().sorted().toList()));
    }
    return known
        .tag(type, tag)
        .map(written -> new RecordKey(known.name(), type, written))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "tag is not one that a %s of %s can have".formatted(type, known.name())));
  }

  @Override
  public Urgency urgency() {
    return urgency;
  }

  /**
   * Queues wishes whose records are stale.
   *
   * @param wishes at most {@link RefreshQueue#MAX_BATCH}
   * @throws RuntimeException if the queue or the database does not answer; it can be asked again
   */
  public Asked request(List<Wish> wishes) {
    if (wishes.size() > RefreshQueue.MAX_BATCH) {
      throw new IllegalArgumentException(
          "at most %d records can be asked for at once, not %d"
              .formatted(RefreshQueue.MAX_BATCH, wishes.size()));
    }
    Instant now = clock.instant();
    List<Asked.Invalid> invalid = new ArrayList<>();
    List<RefreshRequest> requests = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      try {
        requests.add(requested(wishes.get(i), now));
      } catch (IllegalArgumentException e) {
        invalid.add(new Asked.Invalid(i, String.valueOf(e.getMessage())));
      }
    }
    List<RefreshRequest> stale = withoutFresh(requests, now);
    RefreshQueue.Added added = queue.add(stale);
    int dropped = requests.size() - stale.size();
    return new Asked(added.queued(), added.raised(), added.kept(), dropped, invalid);
  }

  /**
   * Answers at once from the database, and queues the record if it is stale or was never fetched.
   *
   * @param key of a source of this object
   * @param priority how stale it may be
   */
  public Answered read(RecordKey key, Priority priority) {
    Instant now = clock.instant();
    Source source = requireNonNull(sources.get(key.source()), "the source is not known");
    Stored stored =
        jdbi.inTransaction(handle -> {
          RecordState state = Records.states(handle, List.of(key)).get(key);
          return new Stored(
              state, state == null || !state.found() ? Optional.empty() : source.read(handle, key));
        });
    RecordState state = stored.state();
    boolean isStale = state == null || !state.isFresh(priority, now);
    boolean queued = isStale && queue(new RefreshRequest(key, priority, now));
    if (state == null) {
      return new Answered.Unknown(key, queued);
    }
    Freshness freshness = Freshness.of(state, priority, now);
    String missing = state.missing();
    if (missing != null) {
      return new Answered.Missing(key, missing, freshness, queued);
    }
    return stored
        .body()
        .<Answered>map(body -> new Answered.Found(key, body, freshness, queued))
        .orElseGet(() -> new Answered.Unknown(key, queued));
  }

  private record Stored(@Nullable RecordState state, Optional<JsonNode> body) {}

  /**
   * How a source's refreshing is. Throws nothing if a store does not answer: it says so.
   *
   * @param name of a source of this object
   */
  public RefreshHealth health(String name) {
    return health(name, () -> queue.state(name, clock.instant()));
  }

  /**
   * How a source's refreshing is, by a count of its requests that somebody has.
   *
   * @param name of a source of this object
   * @param count tells what waits, or waited a moment ago
   */
  public RefreshHealth health(String name, Supplier<RefreshQueue.State> count) {
    Source source = requireNonNull(sources.get(name), "the source is not known");
    Instant now = clock.instant();
    List<String> troubles = new ArrayList<>();
    String away = queue.trouble();
    if (away != null) {
      troubles.add("queue: " + away);
    }
    RefreshQueue.State state = away == null ? asked("queue", troubles, count) : null;
    Pace.Reading tempo =
        away == null
            ? asked("tempo", troubles, () -> new Pace(tempos, name, source.limit()).tempo())
            : null;
    Integer failed = asked("failures", troubles, () -> failures.countSince(name, now.minus(DAY)));
    List<PastDrain> last =
        failed == null ? null : asked("drains", troubles, () -> drains.last(name, 1));
    PastDrain drain = last == null || last.isEmpty() ? null : last.getFirst();
    return new RefreshHealth(name, state, tempo, failed, drain, troubles);
  }

  private RefreshRequest requested(Wish wish, Instant now) {
    RecordKey key = key(wish.source(), wish.type(), wish.tag());
    Priority priority = wish.priority() == null ? urgency.of(key) : wish.priority();
    Instant requestedAt = wish.requestedAt() == null ? now : wish.requestedAt();
    if (requestedAt.isBefore(now.minus(MAX_AGO)) || requestedAt.isAfter(now.plus(MAX_AHEAD))) {
      throw new IllegalArgumentException(
          "requested_at must be at most %d h ago and at most %d minutes ahead"
              .formatted(MAX_AGO.toHours(), MAX_AHEAD.toMinutes()));
    }
    return new RefreshRequest(key, priority, requestedAt);
  }

  private List<RefreshRequest> withoutFresh(List<RefreshRequest> requests, Instant now) {
    Map<RecordKey, RecordState> states =
        jdbi.withHandle(
            handle -> Records.states(handle, requests.stream().map(RefreshRequest::key).toList()));
    return requests.stream()
        .filter(request -> {
          RecordState state = states.get(request.key());
          return state == null || !state.isFresh(request.priority(), now);
        })
        .toList();
  }

  /** A reader has its answer also while the queue is away. */
  private boolean queue(RefreshRequest request) {
    try {
      queue.add(List.of(request));
      return true;
    } catch (RuntimeException e) {
      LOG.warn("{} is stale and cannot be queued: {}", request.key(), Troubles.words(e));
      return false;
    }
  }

  private static <T> @Nullable T asked(String what, List<String> troubles, Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      LOG.warn("the {} cannot be asked", what, e);
      troubles.add(what + ": " + Troubles.words(e));
      return null;
    }
  }
}
