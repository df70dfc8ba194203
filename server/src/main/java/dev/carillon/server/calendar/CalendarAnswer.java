package dev.carillon.server.calendar;

import dev.carillon.schedule.calendar.IcsDates;

/** What became of fetching a calendar. */
public sealed interface CalendarAnswer {

  /** It was fetched. */
  record Read(IcsDates dates) implements CalendarAnswer {}

  /**
   * Its address, or one that it redirects to, is not allowed: nothing was sent there.
   *
   * @param reason in words that tell callers nothing of the network
   */
  record NotAllowed(String reason) implements CalendarAnswer {}

  /**
   * It could not be fetched, or is no calendar.
   *
   * @param reason in our own words, without the address
   */
  record Failed(String reason) implements CalendarAnswer {}
}
