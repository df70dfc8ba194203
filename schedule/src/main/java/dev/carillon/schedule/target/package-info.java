/** Targets: what schedules can do by themselves, within the database. */
@NullMarked
package dev.carillon.schedule.target;

import org.jspecify.annotations.NullMarked;
