package dev.carillon.view;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * The name of a view in the database: lower-case letters, digits and underscores, so that it reads
 * the same quoted and unquoted. It lies in the first schema of the search path.
 */
public record ViewName(String text) implements Comparable<ViewName> {

  /** PostgreSQL cuts longer names off; what we add to it must fit, too. */
  public static final int MAX_LENGTH = 40;

  private static final Pattern FORM = Pattern.compile("[a-z_][a-z0-9_]*");

  public ViewName {
    requireNonNull(text, "text is null");
    if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a view's name must be 1 to %d lower-case letters, digits and underscores, not %s"
              .formatted(MAX_LENGTH, text));
    }
  }

  @Override
  public int compareTo(ViewName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
