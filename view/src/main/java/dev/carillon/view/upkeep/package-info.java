/** Looks after all registered views: works changes in, proves, re-syncs, tries again, forgets. */
@NullMarked
package dev.carillon.view.upkeep;

import org.jspecify.annotations.NullMarked;
