/** Running: what happens when a firing is due, and what is looked after between firings. */
@NullMarked
package dev.carillon.schedule.running;

import org.jspecify.annotations.NullMarked;
