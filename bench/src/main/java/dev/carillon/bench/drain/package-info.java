/** How fast due events are drained, side by side with the peers. */
@NullMarked
package dev.carillon.bench.drain;

import org.jspecify.annotations.NullMarked;
