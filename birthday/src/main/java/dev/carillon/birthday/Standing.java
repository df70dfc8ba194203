package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one user and one type stand. Decides what becomes of them when the user
 * changes.
 *
 * <p>The latest event is the head of the chain: only it is moved, and only it may be followed by
 * another. An earlier one, and one that was begun, is left alone with the data it has: its message
 * is on its way, and a wait for another attempt is not cut short.
 *
 * @param latest the live event of the latest year; null if none is live
 * @param begun whether the latest event is being performed, or waits for another attempt
 * @param usedUpToYear the latest year of all other events, live or ended; {@link
 *     UserEventType#NO_YEAR} if there are none
 */
public record Standing(@Nullable Event latest, boolean begun, int usedUpToYear) {

  /** How a new user's events stand: there are none. */
  public static final Standing NONE = new Standing(null, false, UserEventType.NO_YEAR);

  /** What becomes of the events. To be written in the transaction that changes the user. */
  public sealed interface Change {

    /** The event that is pending from now on. */
    Event event();
  }

  /** There is a new event. */
  public record Added(Event event) implements Change {
    public Added {
      requireNonNull(event, "event is null");
    }
  }

  /** The latest event is another under its id, with another key and due time where they changed. */
  public record Moved(Event event) implements Change {
    public Moved {
      requireNonNull(event, "event is null");
    }
  }

  /** Decides for a user who is new or has changed. */
  public Change changed(UserEventType type, User user, Instant now) {
    if (latest == null || YearlyEventType.year(latest) <= usedUpToYear) {
      return new Added(type.first(user, now, usedUpToYear));
    }
    return begun
        ? new Added(type.after(latest, user, now))
        : new Moved(type.changed(latest, user, now, usedUpToYear));
  }
}
