/** How near several processes together come to a limit of calls a second, and never above it. */
@NullMarked
package dev.carillon.bench.rate;

import org.jspecify.annotations.NullMarked;
