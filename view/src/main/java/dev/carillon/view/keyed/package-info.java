/** Keeps views by running their query for the keys that writers' own transactions recorded. */
@NullMarked
package dev.carillon.view.keyed;

import org.jspecify.annotations.NullMarked;
