package dev.carillon.birthday;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A message with placeholders, such as {@code Hey, {first_name}}. {@code {{} and {@code }}} are
 * braces. It is checked when it is made, so that none can fail when it is rendered; braces in a
 * user's name are rendered as they are.
 */
public final class Template {

  /**
   * The longest template, in characters. Even one that repeats the longest name keeps the payload
   * under the 20 kB that Standard Webhooks 1.0 recommends.
   */
  public static final int MAX_LENGTH = 500;

  private final String text;
  private final List<Part> parts;

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it is blank, too long, has a brace that is not closed or
   *     not opened, or asks for what there is not; the message says where
   */
  public static Template of(String text) {
    if (text.isBlank() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the template has %d characters: from 1 to %d, not all blank, are allowed"
              .formatted(text.length(), MAX_LENGTH));
    }
    return new Template(text, new Reader(text).parts());
  }

  /** The message, with each placeholder replaced by its value. */
  public String render(Function<Placeholder, String> values) {
    StringBuilder message = new StringBuilder();
    for (Part part : parts) {
      message.append(
          switch (part) {
            case Literal literal -> literal.text();
            case Value value -> values.apply(value.placeholder());
          });
    }
    return message.toString();
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template template && text.equals(template.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  private sealed interface Part {}

  private record Literal(String text) implements Part {}

  private record Value(Placeholder placeholder) implements Part {}

  /** Takes a template apart. */
  private static final class Reader {

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<Part> parts() {
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c != '{' && c != '}') {
          literal.append(c);
          at++;
        } else if (text.startsWith(String.valueOf(c).repeat(2), at)) {
          literal.append(c);
          at += 2;
        } else if (c == '{') {
          placeholder();
        } else {
          throw problem("'}' that closes nothing");
        }
      }
      endLiteral();
      return List.copyOf(parts);
    }

    private void placeholder() {
      int close = text.indexOf('}', at);
      int open = text.indexOf('{', at + 1);
      if (close < 0 || (open >= 0 && open < close)) {
        throw problem("'{' that is not closed");
      }
      String key = text.substring(at + 1, close);
      endLiteral();
      parts.add(
          new Value(
              Placeholder.of(key).orElseThrow(() -> problem("unknown placeholder {" + key + "}"))));
      at = close + 1;
    }

    private void endLiteral() {
      if (!literal.isEmpty()) {
        parts.add(new Literal(literal.toString()));
        literal.setLength(0);
      }
    }

    private IllegalArgumentException problem(String what) {
      return new IllegalArgumentException(
          "%s at character %d: %s are known, {{ and }} are braces"
              .formatted(what, at + 1, Placeholder.known()));
    }
  }
}
