/** What queueing and draining refresh requests cost, with few and with a million of them. */
@NullMarked
package dev.carillon.bench.refresh;

import org.jspecify.annotations.NullMarked;
