/** What is known of each view: what was declared, how it is, its refreshes, and how fresh it is. */
@NullMarked
package dev.carillon.view.catalog;

import org.jspecify.annotations.NullMarked;
