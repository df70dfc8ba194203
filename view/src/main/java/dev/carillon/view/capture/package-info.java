/** Sees all that is written to a user's tables, and says when something might not be seen. */
@NullMarked
package dev.carillon.view.capture;

import org.jspecify.annotations.NullMarked;
