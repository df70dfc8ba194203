/** What a claim costs, with and without far-future events. */
@NullMarked
package dev.carillon.bench.claim;

import org.jspecify.annotations.NullMarked;
