/**
 * The pipeline: claim, perform, settle; with process leases, recovery and re-derivation beside it.
 */
@NullMarked
package dev.carillon.engine;

import org.jspecify.annotations.NullMarked;
