/** Schedules as they are stored: what people declare, by name, and the tables it is kept in. */
@NullMarked
package dev.carillon.schedule;

import org.jspecify.annotations.NullMarked;
