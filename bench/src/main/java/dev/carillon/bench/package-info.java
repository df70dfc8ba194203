/** The command line of the benchmarks. */
@NullMarked
package dev.carillon.bench;

import org.jspecify.annotations.NullMarked;
