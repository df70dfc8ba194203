/** Figures as text and as JSON. */
@NullMarked
package dev.carillon.bench.report;

import org.jspecify.annotations.NullMarked;
