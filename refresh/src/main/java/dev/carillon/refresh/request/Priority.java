package dev.carillon.refresh.request;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** How urgent a request is: how stale its record may be. */
public enum Priority {
  CRITICAL(0, Duration.ofMinutes(5)),
  HIGH(1, Duration.ofMinutes(30)),
  MEDIUM(2, Duration.ofHours(2)),
  LOW(3, Duration.ofHours(8));

  /** What {@link #named} takes. */
  public static final String ALLOWED = "critical, high, medium or low, or a number from 0 to 3";

  private final int number;
  private final Duration staleness;

  Priority(int number, Duration staleness) {
    this.number = number;
    this.staleness = staleness;
  }

  /**
   * The priority of a number.
   *
   * @param number as of {@link #number}
   */
  public static Priority of(int number) {
    for (Priority priority : values()) {
      if (priority.number == number) {
        return priority;
      }
    }
    throw new IllegalArgumentException("priority must be a number from 0 to 3, not " + number);
  }

  /** The priority that a text names, as {@link #ALLOWED} says; empty if it names none. */
  public static Optional<Priority> named(String text) {
    return Stream.of(values())
        .filter(priority ->
            priority.name().equalsIgnoreCase(text)
                || Integer.toString(priority.number).equals(text))
        .findFirst();
  }

  /** How stores and other producers write it: from 0, the most urgent, to 3. */
  public int number() {
    return number;
  }

  /** How stale a record may be before it is fetched again. */
  public Duration staleness() {
    return staleness;
  }

  /** The more urgent of the two. */
  public Priority orMoreUrgent(Priority other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
