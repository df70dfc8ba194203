/** What planning and claiming cost with few and with many schedules. */
@NullMarked
package dev.carillon.bench.schedules;

import org.jspecify.annotations.NullMarked;
