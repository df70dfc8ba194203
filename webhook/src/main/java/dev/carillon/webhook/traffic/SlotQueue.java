package dev.carillon.webhook.traffic;

import dev.carillon.webhook.endpoint.Traffic.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slots that a process has of an endpoint's rate. Without a rate there is always one. Not safe
 * for use by many threads.
 */
final class SlotQueue {

  private static final Duration FARTHEST = Pace.HORIZON.plus(Pace.MOST_SKEW);

  private final Deque<Instant> slots = new ArrayDeque<>();
  private @Nullable Pace pace;

  /** Whether the endpoint has a rate limit. */
  boolean isPaced() {
    return pace != null;
  }

  int size() {
    return slots.size();
  }

  /** How many slots come until new ones are handed out; 0 if that is not known. */
  int perHorizon() {
    return pace == null ? 0 : pace.perHorizon();
  }

  /** Adds what was handed out at a rate; null if there is no limit any more. */
  void add(@Nullable Rate rate, @Nullable List<Instant> more) {
    pace = rate == null ? null : new Pace(rate);
    if (more == null) {
      slots.clear();
    } else {
      slots.addAll(more);
    }
  }

  /** Forgets what nobody used in time, and what a clock that jumped back has put out of reach. */
  void trim(Instant now) {
    if (pace == null) {
      return;
    }
    Instant oldest = now.minus(pace.lateness());
    while (!slots.isEmpty() && slots.getFirst().isBefore(oldest)) {
      slots.removeFirst();
    }
    Instant latest = now.plus(FARTHEST);
    while (!slots.isEmpty() && slots.getLast().isAfter(latest)) {
      slots.removeLast();
    }
  }

  /** Uses a slot, if its time has come. */
  boolean take(Instant now) {
    if (pace == null) {
      return true;
    }
    trim(now);
    if (slots.isEmpty() || slots.getFirst().isAfter(now)) {
      return false;
    }
    slots.removeFirst();
    return true;
  }

  /** How long until a slot's time comes; the longest time if there is none. */
  long nanosToNext(Instant now) {
    if (pace == null || slots.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return Math.max(1, Duration.between(now, slots.getFirst()).toNanos());
  }
}
