/** Templates: the input that a schedule hands to its target, filled in at each run. */
@NullMarked
package dev.carillon.schedule.template;

import org.jspecify.annotations.NullMarked;
