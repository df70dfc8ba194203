/** What makes jobs fast, made step by step, verified, and undone without touching data. */
@NullMarked
package dev.carillon.view.optimisation;

import org.jspecify.annotations.NullMarked;
