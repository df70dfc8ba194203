/** How long the next time of a cron expression takes to find, beside the peers. */
@NullMarked
package dev.carillon.bench.next;

import org.jspecify.annotations.NullMarked;
