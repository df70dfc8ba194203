package dev.carillon.testkit.clash;

/**
 * A call that arrived at the API.
 *
 * @param nanos when, as {@link System#nanoTime} shows it in the API's process
 * @param path which path was asked for, as it was sent
 * @param status what was answered; 0 if there is no answer
 */
public record Arrival(long nanos, String path, int status) {}
