/** Tests of the tempo, in both stores. */
@NullMarked
package dev.carillon.refresh.pace;

import org.jspecify.annotations.NullMarked;
