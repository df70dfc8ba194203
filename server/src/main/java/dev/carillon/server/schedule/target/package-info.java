/** Schedules and what they fire: what brings targets of other modules to them. */
@NullMarked
package dev.carillon.server.schedule.target;

import org.jspecify.annotations.NullMarked;
