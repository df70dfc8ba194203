package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

/**
 * What is wrong with one field of an input.
 *
 * @param field the field's name in JSON
 * @param message what is allowed, such as {@code must be a date YYYY-MM-DD}
 */
public record FieldError(String field, String message) {

  public FieldError {
    requireNonNull(field, "field is null");
    requireNonNull(message, "message is null");
  }
}
