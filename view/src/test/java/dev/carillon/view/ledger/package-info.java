@NullMarked
package dev.carillon.view.ledger;

import org.jspecify.annotations.NullMarked;
