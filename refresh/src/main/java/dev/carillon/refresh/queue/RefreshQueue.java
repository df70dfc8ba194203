package dev.carillon.refresh.queue;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait, one for each record, shared by all processes. What is taken is leased: if
 * its taker dies it comes back. Every method throws the unchecked exception of its store if that
 * does not answer: nothing is kept in memory instead. Safe for use by many threads.
 */
public interface RefreshQueue {

  /** The most requests of one call. */
  int MAX_BATCH = 1_000;

  /** How long a request may be in hand before another process may take it. */
  Duration LEASE = Duration.ofSeconds(60);

  /** How often a request is taken whose takers die; then it is a dead letter. */
  int MOST_TAKES = 3;

  /** How many dead letters of a source are kept: the newest. */
  int MOST_DEAD = 10_000;

  /**
   * Adds requests; those of one source all at once. One whose record waits already keeps its place,
   * or moves forward if the new one is more urgent; one whose record is in hand is remembered, and
   * queued when that is done.
   *
   * @param requests at most {@link #MAX_BATCH}
   */
  Added add(List<RefreshRequest> requests);

  /**
   * Takes the requests of a source with the earliest deadlines, in that order.
   *
   * @param most at most {@link #MAX_BATCH}
   */
  List<Taken> take(String source, int most, Instant now);

  /** Ends what was taken. What another process took meanwhile stays as it is. */
  void done(List<Taken> taken);

  /** Puts back what was not begun, to its old place. It counts as not taken. */
  void giveBack(List<Taken> taken);

  /**
   * Makes what dead processes had in hand wait again, and dead letters of what was taken too often.
   *
   * @return how many
   */
  int reclaim(String source, Instant now);

  /** What waits for a source. */
  State state(String source, Instant now);

  /**
   * The newest dead letters of a source, the newest first.
   *
   * @param most at most {@link #MAX_BATCH}
   */
  List<Dead> dead(String source, int most);

  /** Why the store does not answer, fit to be shown; null if it does. */
  @Nullable String trouble();

  /**
   * What became of added requests.
   *
   * @param queued how many were not there yet, or are remembered until what is in hand is done
   * @param raised how many made a request that was there more urgent
   * @param kept how many changed nothing; also those of a record that is in the call twice
   */
  record Added(int queued, int raised, int kept) {}

  /**
   * A request in hand.
   *
   * @param request the record, the most urgent priority and the earliest time asked for
   * @param takes how often it has been taken, this time included
   * @param lease names this taking: a later one has another
   */
  record Taken(RefreshRequest request, int takes, UUID lease) {}

  /**
   * A request whose takers died again and again.
   *
   * @param item the request, as an inbox takes it
   * @param reason why it is here, fit to be shown
   * @param at since when
   */
  record Dead(String item, String reason, Instant at) {

    static final String NOT_FINISHED =
        "taken %d times, and no taker came to its end".formatted(MOST_TAKES);
  }

  /**
   * What waits for a source.
   *
   * @param at when that was so
   * @param waiting how many requests wait, by priority
   * @param oldest when the oldest of each priority was requested; without those that have none. A
   *     store may say it of the next one instead, which is the same unless requests were raised
   * @param inHand how many are in hand
   * @param dead how many dead letters there are
   */
  record State(
      Instant at,
      Map<Priority, Long> waiting,
      Map<Priority, Instant> oldest,
      long inHand,
      long dead) {

    public State {
      requireNonNull(at, "at is null");
      waiting = Map.copyOf(waiting);
      oldest = Map.copyOf(oldest);
    }

    /** How many requests wait. */
    public long size() {
      return waiting.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
