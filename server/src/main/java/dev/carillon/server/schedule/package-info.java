/** Schedules and calendars over HTTP. */
@NullMarked
package dev.carillon.server.schedule;

import org.jspecify.annotations.NullMarked;
