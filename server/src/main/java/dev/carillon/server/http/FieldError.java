package dev.carillon.server.http;

import static java.util.Objects.requireNonNull;

/**
 * What is wrong with one field of a request.
 *
 * @param field the field's name, as the request spells it
 * @param detail what is allowed
 */
public record FieldError(String field, String detail) {

  /** How much of a name that means nothing is repeated, in characters. */
  public static final int MAX_SHOWN = 60;

  public FieldError {
    requireNonNull(field, "field is null");
    requireNonNull(detail, "detail is null");
  }
}
