/** How late schedules fire, a thousand a second, and what a firing costs. */
@NullMarked
package dev.carillon.bench.firings;

import org.jspecify.annotations.NullMarked;
