/** Tier 3: materialized views that are filled whole, with the log row in the same transaction. */
@NullMarked
package dev.carillon.view.full;

import org.jspecify.annotations.NullMarked;
