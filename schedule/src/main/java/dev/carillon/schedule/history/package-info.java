/** History: what came of a schedule's firings, how punctual they were, and why one did not run. */
@NullMarked
package dev.carillon.schedule.history;

import org.jspecify.annotations.NullMarked;
