/** The events that Carillon performs in the benchmarks. */
@NullMarked
package dev.carillon.bench.events;

import org.jspecify.annotations.NullMarked;
