/** Planning: which firings become events, which are missed, and how schedules are changed. */
@NullMarked
package dev.carillon.schedule.planning;

import org.jspecify.annotations.NullMarked;
