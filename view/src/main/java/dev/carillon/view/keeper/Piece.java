package dev.carillon.view.keeper;

/**
 * What was worked in at once.
 *
 * @param changes captured changes that do not wait any more
 * @param full whether more are likely to wait, so that another piece should follow at once
 * @param busy whether another process was at it, so that not all was done
 */
public record Piece(long changes, boolean full, boolean busy) {}
