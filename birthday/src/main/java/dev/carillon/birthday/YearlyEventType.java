package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.time.LeapDayPolicy;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import dev.carillon.time.YearlyDate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of event that comes once a year on one of the user's dates, with a message. Birthdays are
 * one; configuration adds others, see {@link EventTypesFile}.
 *
 * <p>Local times that a zone skips are moved forward by the gap, and of repeated ones the first is
 * taken ({@link WallClock#keeping}): no year is lost.
 *
 * @param name {@link #BIRTHDAY}, or another name of capitals, digits and underscores
 * @param on the date it follows
 * @param localTime when on the day, for users who did not choose a time; in whole seconds
 * @param message what it says
 * @param zones the rules that instants are derived with
 * @param ids makes the ids of new events
 * @param endpoint where it goes for users who did not choose an endpoint; null for the target's
 *     default
 */
public record YearlyEventType(
    String name,
    FollowedDate on,
    LocalTime localTime,
    Template message,
    TimeZones zones,
    EventIds ids,
    @Nullable String endpoint)
    implements UserEventType {

  /** The name of the type that every user has. */
  public static final String BIRTHDAY = "BIRTHDAY";

  /** When on the day a message comes, where nobody chose a time. */
  public static final LocalTime DEFAULT_LOCAL_TIME = LocalTime.of(9, 0);

  /** What names are allowed. */
  public static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  static final Template BIRTHDAY_MESSAGE =
      Template.of("Hey, {first_name} {last_name} it's your birthday");

  private static final MonthDay LEAP_DAY = MonthDay.of(2, 29);

  public YearlyEventType {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name must match " + NAME);
    }
    requireNonNull(on, "on is null");
    requireNonNull(message, "message is null");
    requireNonNull(zones, "zones is null");
    requireNonNull(ids, "ids is null");
    UserDetails.requireWholeSeconds(localTime, "localTime");
    UserDetails.requireEndpoint(endpoint);
  }

  /** A type that goes to the target's default. */
  public YearlyEventType(
      String name,
      FollowedDate on,
      LocalTime localTime,
      Template message,
      TimeZones zones,
      EventIds ids) {
    this(name, on, localTime, message, zones, ids, null);
  }

  /** Birthdays, at 09:00. */
  public static YearlyEventType birthday(TimeZones zones, EventIds ids) {
    return new YearlyEventType(
        BIRTHDAY, FollowedDate.DATE_OF_BIRTH, DEFAULT_LOCAL_TIME, BIRTHDAY_MESSAGE, zones, ids);
  }

  @Override
  public Event first(User user, Instant now, int usedUpToYear) {
    ZoneId zone = user.details().timeZone();
    EventData data = EventData.of(user.details(), dateIn(zone, user.createdAt()));
    return event(ids.next(), user.id(), data, firstAfter(now, usedUpToYear, data, zone));
  }

  @Override
  public Event changed(Event pending, User user, Instant now, int usedUpToYear) {
    EventData before = EventData.of(pending);
    // created_on stays what it was: an anniversary does not move because its user does.
    EventData data = EventData.of(user.details(), before.createdOn());
    ZoneId zone = user.details().timeZone();
    if (!monthDay(before).equals(monthDay(data))) {
      return event(pending.id(), user.id(), data, firstAfter(now, usedUpToYear, data, zone));
    }
    Occurrence kept = occurrence(data, Math.max(year(pending), on.firstYear(data)), zone);
    // Years that LEAP_ONLY left out are there again: one of them may come before the kept one.
    if (monthDay(data).equals(LEAP_DAY)
        && before.leapDayPolicy() == LeapDayPolicy.LEAP_ONLY
        && data.leapDayPolicy() != LeapDayPolicy.LEAP_ONLY) {
      Occurrence first = firstAfter(now, usedUpToYear, data, zone);
      kept = first.local().isBefore(kept.local()) ? first : kept;
    }
    return event(pending.id(), user.id(), data, kept);
  }

  @Override
  public Event after(Event inFlight, User user, Instant now) {
    return changed(following(inFlight), user, now, year(inFlight));
  }

  /**
   * The event of the first year after this one's that has the date: whether this one was done or
   * failed, and however long ago, no year is left out.
   */
  @Override
  public Optional<Event> next(Event event) {
    return Optional.of(following(event));
  }

  @Override
  public Optional<String> destination(Event event) {
    String chosen = EventData.of(event).endpoint();
    return Optional.ofNullable(chosen == null ? endpoint : chosen);
  }

  @Override
  public String payload(Event event) {
    EventData data = EventData.of(event);
    int year = year(event);
    String text =
        message.render(placeholder ->
            switch (placeholder) {
              case FIRST_NAME -> data.firstName();
              case LAST_NAME -> data.lastName();
              case DATE_OF_BIRTH -> data.dateOfBirth().toString();
              case AGE -> Integer.toString(year - data.dateOfBirth().getYear());
              case YEARS -> Integer.toString(year - on.of(data).getYear());
              case YEAR -> Integer.toString(year);
              case DATE -> event.at().local().toLocalDate().toString();
            });
    return Payload.json(event, data, text);
  }

  /** The year that an event is for. */
  public static int year(Event event) {
    return event.at().local().getYear();
  }

  private Event following(Event event) {
    EventData data = EventData.of(event);
    Occurrence at = occurrence(data, year(event) + 1, event.at().zone());
    return event(ids.next(), event.subject(), data, at);
  }

  private Event event(UUID id, UUID user, EventData data, Occurrence at) {
    String key = "%s:%s:%d".formatted(name, user, at.local().getYear());
    return new Event(id, user, name, key, at, data.json());
  }

  /**
   * Begins a year early: an occurrence on a skipped 31 December is shown as one of the next year.
   */
  private Occurrence firstAfter(Instant now, int usedUpToYear, EventData data, ZoneId zone) {
    int year = Math.max(dateIn(zone, now).getYear() - 1, on.firstYear(data));
    Occurrence at = occurrence(data, Math.max(year, usedUpToYear + 1), zone);
    while (!at.instant().isAfter(now)) {
      at = occurrence(data, at.local().getYear() + 1, zone);
    }
    return at;
  }

  private Occurrence occurrence(EventData data, int fromYear, ZoneId zone) {
    LocalDate date = new YearlyDate(monthDay(data), data.leapDayPolicy()).from(fromYear);
    LocalTime time = data.deliveryTime() == null ? localTime : data.deliveryTime();
    return WallClock.keeping(zones).at(date.atTime(time), zone).orElseThrow();
  }

  private LocalDate dateIn(ZoneId zone, Instant instant) {
    return LocalDate.ofInstant(instant, zones.rules(zone).getOffset(instant));
  }

  private MonthDay monthDay(EventData data) {
    return MonthDay.from(on.of(data));
  }
}
