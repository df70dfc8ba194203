/** What is the same for all tiers that keep a view by the changes that were captured. */
@NullMarked
package dev.carillon.view.keeper;

import org.jspecify.annotations.NullMarked;
