package dev.carillon.webhook.traffic;

import java.time.Duration;

/**
 * What a process knows of an endpoint's held events: whether there are any, and how many of them
 * are on their way to it. Times are of {@link System#nanoTime()}. Not safe for use by many threads.
 */
final class Holding {

  /** How long is looked again for events that were held and not found: they may be on their way. */
  static final Duration HELD_LATELY = Duration.ofSeconds(1);

  /** How long nothing is claimed after fewer events were held than there was room for. */
  static final Duration EMPTY_PAUSE = Duration.ofMillis(50);

  private final Promises promises = new Promises();
  private boolean some;
  private long heldAt;
  private long claimsFrom;

  Holding(long now) {
    heldAt = now - HELD_LATELY.toNanos();
    claimsFrom = now;
  }

  /** Whether there may be held events. */
  boolean isSome() {
    return some;
  }

  /** An event is going to be held. */
  void held(long now) {
    some = true;
    heldAt = now;
  }

  /** Somebody saw held events; whether that is news. */
  boolean seen() {
    boolean news = !some;
    some = true;
    return news;
  }

  /** Nobody can do anything about them now; somebody will see them later. */
  void forget() {
    some = false;
  }

  /** Whether it is worth while to claim some. */
  boolean isWorthClaiming(long now) {
    return some && claimsFrom - now <= 0;
  }

  /** Room is kept for some that are to be claimed. */
  void promise(int events, long now) {
    promises.add(events, now);
  }

  /** Perhaps one of them came; whether one was to come. */
  boolean arrived(long now) {
    boolean promised = promises.count(now) > 0;
    promises.remove(1);
    return promised;
  }

  /** How many are on their way. */
  int coming(long now) {
    return promises.count(now);
  }

  /** So many were claimed where room was kept for so many; whether there may be more. */
  boolean claimed(int openings, int claims, long now) {
    promises.remove(openings - claims);
    if (claims < openings) {
      some = now - heldAt < HELD_LATELY.toNanos();
      claimsFrom = now + EMPTY_PAUSE.toNanos();
    }
    return some;
  }
}
