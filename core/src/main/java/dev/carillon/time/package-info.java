/**
 * Local time to instants: zones, their rules, and what happens where a wall clock skips or repeats.
 */
@NullMarked
package dev.carillon.time;

import org.jspecify.annotations.NullMarked;
