/** Tests of the queue, in both stores. */
@NullMarked
package dev.carillon.refresh.queue;

import org.jspecify.annotations.NullMarked;
