/** Keeps how fresh each record is, and which calls failed. */
@NullMarked
package dev.carillon.refresh.record;

import org.jspecify.annotations.NullMarked;
