/** When a failed attempt is made again. */
@NullMarked
package dev.carillon.retry;

import org.jspecify.annotations.NullMarked;
