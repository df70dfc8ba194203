package dev.carillon.testkit.receiver;

/**
 * How often one webhook id arrived.
 *
 * @param received deliveries that arrived
 * @param accepted deliveries that were answered with a 2xx
 */
public record Tally(int received, int accepted) {}
