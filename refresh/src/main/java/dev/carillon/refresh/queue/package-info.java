/**
 * Keeps requests, one for each record, in the order of their deadlines: in PostgreSQL or in Redis.
 */
@NullMarked
package dev.carillon.refresh.queue;

import org.jspecify.annotations.NullMarked;
