package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.refresh.drain.DrainAlarm;
import dev.carillon.refresh.drain.PastDrain;
import dev.carillon.refresh.drain.Progress;
import dev.carillon.refresh.drain.RefreshHealth;
import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.request.Priority;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How refreshing is, as JSON. What a store does not tell is null.
 *
 * @param source the source
 * @param queueSize how many requests wait
 * @param countedAt when they were counted
 * @param waiting the same by priority
 * @param oldest when the oldest of each priority was asked for; null if none waits
 * @param inHand how many are being called
 * @param deadLetters how many were given up because their takers died
 * @param inbox how many items others left that no drain has queued yet; null if there is no inbox
 * @param inboxTrouble why the inbox cannot be read; null if it can
 * @param limit the calls a second that are never exceeded
 * @param rate the calls a second at present
 * @param nextFree when the next call can be made
 * @param pausedUntil until when none is made; null if there is no pause
 * @param pauseReason why; null likewise
 * @param failuresLastDay how many calls failed in 24 hours, at most 10,000
 * @param lastDrain the drain that was begun last, by any process
 * @param running the drains that run in this process
 * @param alarms what someone should look at: {@code failures}, {@code broken}, {@code no_drain},
 *     {@code long_drain}, {@code crowded}
 * @param troubles what does not answer; none if all is well
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RefreshState(
    String source,
    @Nullable Long queueSize,
    @Nullable Instant countedAt,
    @Nullable Map<String, Long> waiting,
    @Nullable Map<String, @Nullable Instant> oldest,
    @Nullable Long inHand,
    @Nullable Long deadLetters,
    @Nullable Long inbox,
    @Nullable String inboxTrouble,
    @Nullable Double limit,
    @Nullable Double rate,
    @Nullable Instant nextFree,
    @Nullable Instant pausedUntil,
    @Nullable String pauseReason,
    @Nullable Integer failuresLastDay,
    @Nullable LastDrain lastDrain,
    List<Running> running,
    List<String> alarms,
    List<String> troubles) {

  public RefreshState {
    requireNonNull(source, "source is null");
    running = List.copyOf(running);
    alarms = List.copyOf(alarms);
    troubles = List.copyOf(troubles);
  }

  /** A drain that ran, or runs; without an end while it runs, and if its process was killed. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record LastDrain(
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String ended,
      @Nullable String detail,
      long processed,
      long failed,
      long dropped,
      long calls,
      double callsPerSecond) {

    /** How it ended is told in a word; its detail may have words of the source. */
    LastDrain forAnybody() {
      return new LastDrain(
          startedAt, endedAt, ended, null, processed, failed, dropped, calls, callsPerSecond);
    }

    static LastDrain of(PastDrain drain) {
      return new LastDrain(
          drain.startedAt(),
          drain.endedAt(),
          drain.ended() == null ? null : word(drain.ended()),
          drain.detail(),
          drain.processed(),
          drain.failed(),
          drain.dropped(),
          drain.calls(),
          drain.callsPerSecond());
    }
  }

  /** A drain of this process that runs; in its first second nothing is known but its start. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Running(
      Instant startedAt,
      long processed,
      long failed,
      long dropped,
      double callsPerSecond,
      @Nullable String pause) {

    Running forAnybody() {
      return new Running(startedAt, processed, failed, dropped, callsPerSecond, ownWords(pause));
    }

    static Running of(Drains.Underway drain) {
      Progress progress = drain.progress();
      return progress == null
          ? new Running(drain.startedAt(), 0, 0, 0, 0, null)
          : new Running(
              drain.startedAt(),
              progress.processed(),
              progress.failed(),
              progress.dropped(),
              progress.callsPerSecond(),
              progress.pause());
    }
  }

  static RefreshState of(
      RefreshHealth health,
      Inbox.Seen inbox,
      List<Drains.Underway> underway,
      Set<DrainAlarm> alarms) {
    RefreshQueue.State queue = health.queue();
    Pace.Reading tempo = health.tempo();
    return new RefreshState(
        health.source(),
        queue == null ? null : queue.size(),
        queue == null ? null : queue.at(),
        queue == null ? null : waiting(queue),
        queue == null ? null : oldest(queue),
        queue == null ? null : queue.inHand(),
        queue == null ? null : queue.dead(),
        inbox.size(),
        inbox.trouble(),
        tempo == null ? null : tempo.limit(),
        tempo == null ? null : tempo.rate(),
        tempo == null ? null : tempo.nextFree(),
        tempo == null || tempo.pauseReason() == null ? null : tempo.nextFree(),
        tempo == null ? null : tempo.pauseReason(),
        health.failuresLastDay(),
        health.lastDrain() == null ? null : LastDrain.of(health.lastDrain()),
        underway.stream().map(Running::of).toList(),
        alarms.stream().sorted().map(RefreshWatch::word).toList(),
        health.troubles());
  }

  /** Nothing is known: nobody answered in time. */
  public static RefreshState silent(String source, String trouble) {
    return new RefreshState(
        source,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        List.of(trouble));
  }

  /**
   * The same without what the source said, which may name our address: for those who need not say
   * who they are. The log and those who may read the summary have it all.
   */
  public RefreshState forAnybody() {
    return new RefreshState(
        source,
        queueSize,
        countedAt,
        waiting,
        oldest,
        inHand,
        deadLetters,
        inbox,
        inboxTrouble,
        limit,
        rate,
        nextFree,
        pausedUntil,
        ownWords(pauseReason),
        failuresLastDay,
        lastDrain == null ? null : lastDrain.forAnybody(),
        running.stream().map(Running::forAnybody).toList(),
        alarms,
        troubles);
  }

  /** A reason's words up to what the source said: see {@code Fetched.Down}. */
  private static @Nullable String ownWords(@Nullable String reason) {
    int end = reason == null ? -1 : reason.indexOf(": ");
    return reason == null || end < 0 ? reason : reason.substring(0, end);
  }

  /** Whether all stores answer. A source that is paused is no fault of ours. */
  public boolean answers() {
    return troubles.isEmpty();
  }

  /** A constant as JSON has it. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Long> waiting(RefreshQueue.State queue) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Priority priority : Priority.values()) {
      counts.put(word(priority), queue.waiting().getOrDefault(priority, 0L));
    }
    return counts;
  }

  private static Map<String, @Nullable Instant> oldest(RefreshQueue.State queue) {
    Map<String, @Nullable Instant> times = new LinkedHashMap<>();
    for (Priority priority : Priority.values()) {
      times.put(word(priority), queue.oldest().get(priority));
    }
    return times;
  }
}
