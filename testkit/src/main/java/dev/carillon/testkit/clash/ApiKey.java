package dev.carillon.testkit.clash;

/**
 * A key of the API, bound to an address.
 *
 * @param id names it in the portal
 * @param name what its owner calls it
 * @param description what it is for
 * @param address the only address that may use it
 * @param bearer what callers show
 */
public record ApiKey(String id, String name, String description, String address, String bearer) {}
