/** Calendar files: the dates that an iCalendar text lists. */
@NullMarked
package dev.carillon.schedule.calendar;

import org.jspecify.annotations.NullMarked;
