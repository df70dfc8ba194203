/** The store contract in memory and a clock that is set by hand, for tests and simulations. */
@NullMarked
package dev.carillon.memory;

import org.jspecify.annotations.NullMarked;
