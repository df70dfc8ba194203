/** Keeps counts and sums exact by signed rows that the writers' own transactions append. */
@NullMarked
package dev.carillon.view.ledger;

import org.jspecify.annotations.NullMarked;
