/** Scan jobs as far as views go: their tables, how far each is, and a generator of jobs. */
@NullMarked
package dev.carillon.view.job;

import org.jspecify.annotations.NullMarked;
