package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Finds the receiver that an event is for. Safe for use by many threads, and quick. */
@FunctionalInterface
public interface Receivers {

  /** What there is. */
  sealed interface Found permits Receiver, Missing, Unreadable {}

  /**
   * There is no such endpoint.
   *
   * @param reason what to do about it, for people
   */
  record Missing(String reason) implements Found {
    public Missing {
      requireNonNull(reason, "reason is null");
    }
  }

  /**
   * There is one, and this process cannot use it.
   *
   * @param reason why, for people
   */
  record Unreadable(String reason) implements Found {
    public Unreadable {
      requireNonNull(reason, "reason is null");
    }
  }

  /**
   * Finds a receiver.
   *
   * @param destination an endpoint's id or name; null for the default
   */
  Found find(@Nullable String destination);
}
