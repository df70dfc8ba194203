package dev.carillon.server.http;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of a request.
 *
 * @param field the field's name, as the request spells it
 * @param detail what is allowed
 * @param column where in the field's text it is wrong, from 1; null if nobody knows
 */
public record FieldError(String field, String detail, @Nullable Integer column) {

  /** How much of a name that means nothing is repeated, in characters. */
  public static final int MAX_SHOWN = 60;

  public FieldError {
    requireNonNull(field, "field is null");
    requireNonNull(detail, "detail is null");
  }

  /** What is wrong with a field as a whole. */
  public FieldError(String field, String detail) {
    this(field, detail, null);
  }

  /** What is wrong, as a sentence: that of a column stands for itself. */
  String sentence() {
    return column == null ? field + " " + detail : detail;
  }
}
