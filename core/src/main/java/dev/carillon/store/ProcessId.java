package dev.carillon.store;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** Names one run of one process. A process that lost its lease comes back under a new id. */
public record ProcessId(UUID value) {

  public ProcessId {
    requireNonNull(value, "value is null");
  }

  /** A new, random id. */
  public static ProcessId random() {
    return new ProcessId(UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
