package dev.carillon.refresh.queue;

import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one call wants of a record. Times are whole microseconds, as both stores keep them.
 *
 * @param place where it stood in the call: what comes first arrives first
 */
record Wanted(RecordKey key, Priority priority, Instant requestedAt, Instant deadline, int place) {

  private static final Comparator<RecordKey> BY_KEY =
      Comparator.comparing(RecordKey::source)
          .thenComparing(RecordKey::type)
          .thenComparing(RecordKey::tag);

  /**
   * The requests of a call, one for each record, sorted by record: two calls that lock the same
   * rows lock them in the same order.
   */
  static List<Wanted> of(List<RefreshRequest> requests) {
    if (requests.size() > RefreshQueue.MAX_BATCH) {
      throw new IllegalArgumentException(
          "at most %d requests can be added at once, not %d"
              .formatted(RefreshQueue.MAX_BATCH, requests.size()));
    }
    Map<RecordKey, Wanted> byKey = new LinkedHashMap<>();
    int place = 0;
    for (RefreshRequest request : requests) {
      byKey.merge(request.key(), of(request, place), Wanted::raised);
      place++;
    }
    List<Wanted> sorted = new ArrayList<>(byKey.values());
    sorted.sort(Comparator.comparing(Wanted::key, BY_KEY));
    return sorted;
  }

  /** Sorts what was taken like {@link #of}. */
  static List<RefreshQueue.Taken> sorted(List<RefreshQueue.Taken> taken) {
    return taken.stream()
        .sorted(Comparator.comparing((RefreshQueue.Taken one) -> one.request().key(), BY_KEY))
        .toList();
  }

  /** What one request wants. */
  static Wanted of(RefreshRequest request, int place) {
    return new Wanted(
        request.key(),
        request.priority(),
        request.requestedAt().truncatedTo(ChronoUnit.MICROS),
        request.deadline().truncatedTo(ChronoUnit.MICROS),
        place);
  }

  private Wanted raised(Wanted later) {
    boolean isSooner = later.deadline.isBefore(deadline);
    if (!isSooner && later.priority.compareTo(priority) >= 0) {
      return this;
    }
    return new Wanted(
        key,
        priority.orMoreUrgent(later.priority),
        later.requestedAt.isBefore(requestedAt) ? later.requestedAt : requestedAt,
        isSooner ? later.deadline : deadline,
        isSooner ? later.place : place);
  }
}
