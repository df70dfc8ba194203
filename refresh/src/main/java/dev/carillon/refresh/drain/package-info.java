/** Drains the queue: calls the source for one request after the other, as fast as it allows. */
@NullMarked
package dev.carillon.refresh.drain;

import org.jspecify.annotations.NullMarked;
