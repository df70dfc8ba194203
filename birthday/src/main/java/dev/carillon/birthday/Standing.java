package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one user and one type stand. Decides what they become when the user changes, so
 * that afterwards exactly one is pending beside the one that is being performed.
 *
 * @param pending the pending events; two only where one is waiting for another attempt and the next
 *     year's was planned while it was being performed
 * @param inFlight the event that is being performed; null if none is
 * @param endedUpToYear the last year whose event ended: done, failed or called off; {@link
 *     UserEventType#NO_YEAR} if none
 */
public record Standing(List<Event> pending, @Nullable Event inFlight, int endedUpToYear) {

  public Standing {
    pending = List.copyOf(pending);
  }

  /** What the events become. Write all of it in the transaction that changes the user. */
  public sealed interface Change {

    /** The event that is pending from now on. */
    Event pending();
  }

  /** There is a new event. */
  public record Added(Event pending) implements Change {
    public Added {
      requireNonNull(pending, "pending is null");
    }
  }

  /**
   * A pending event is changed under its id, and due at its new time.
   *
   * @param pending the event as it is from now on
   * @param dropped pending events of later years: deleted, since they are planned anew
   */
  public record Moved(Event pending, List<UUID> dropped) implements Change {
    public Moved {
      requireNonNull(pending, "pending is null");
      dropped = List.copyOf(dropped);
    }
  }

  /** Decides for a user who is new or has changed. */
  public Change changed(UserEventType type, User user, Instant now) {
    if (!pending.isEmpty()) {
      return moved(type, user, now);
    }
    return new Added(
        inFlight == null ? type.first(user, now, endedUpToYear) : type.after(inFlight, user, now));
  }

  private Change moved(UserEventType type, User user, Instant now) {
    List<Event> byYear =
        pending.stream().sorted(Comparator.comparing(event -> event.at().local())).toList();
    int used =
        inFlight == null ? endedUpToYear : Math.max(endedUpToYear, YearlyEventType.year(inFlight));
    Event moved = type.changed(byYear.getFirst(), user, now, used);
    return new Moved(moved, byYear.stream().skip(1).map(Event::id).toList());
  }
}
