package dev.carillon.refresh.request;

/** How urgent a wish for a record is that does not say. */
@FunctionalInterface
public interface Urgency {

  /** All records are alike. */
  Urgency MEDIUM = _ -> Priority.MEDIUM;

  /** The priority of a wish for this record. */
  Priority of(RecordKey key);
}
