package dev.carillon.birthday;

import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import java.time.Instant;

/**
 * A kind of event that each user has once a year. {@link YearlyEventType} is the one that
 * configuration makes; a type in code is a class that holds one and changes what it must.
 *
 * <p>The year of an event is the year of its nominal local time. Its idempotency key is {@code
 * {type}:{user id}:{year}}: exactly one for each user, type and local year, wherever the user is.
 */
public interface UserEventType extends EventType {

  /** What stands for no year where the last used year is asked for. */
  int NO_YEAR = 0;

  /**
   * The event of a user who is new: the first occurrence strictly after {@code now}. No message is
   * sent for a date that passed before we were told of it.
   *
   * @param usedUpToYear the last year whose event was done, failed or is being performed; {@link
   *     #NO_YEAR} if none
   */
  Event first(User user, Instant now, int usedUpToYear);

  /**
   * What a pending event becomes when its user changed. It keeps its id and its year and is derived
   * again from the month and day, also into the past: then it is due at once, so that a year is not
   * lost by flying over the date line. Only where the date that it follows is another does it start
   * over, as {@link #first} does.
   *
   * @param usedUpToYear as for {@link #first}
   */
  Event changed(Event pending, User user, Instant now, int usedUpToYear);

  /**
   * What is pending after an event that is being performed while its user changed: that event is
   * left alone, and the one that follows it is made of the new data.
   */
  Event after(Event inFlight, User user, Instant now);
}
