package dev.carillon.schedule.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of an expression's text that knows where it is.
 *
 * @param text the piece
 * @param column the number of its first character in the expression, from 1
 */
record Word(String text, int column) {

  private static final int MAX_DIGITS = 9;

  /** The piece from one place in this one to another. */
  Word part(int from, int to) {
    return new Word(text.substring(from, to), column + from);
  }

  /** The piece from a place in this one to its end. */
  Word from(int from) {
    return part(from, text.length());
  }

  /** The pieces between a separator, empty ones too. */
  List<Word> split(char separator) {
    List<Word> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(part(from, at));
      from = at + 1;
    }
    parts.add(from(from));
    return parts;
  }

  /** The pieces between runs of white space; none of them is empty. */
  List<Word> fields() {
    List<Word> fields = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = from;
      while (to < text.length() && !isBlank(text.charAt(to))) {
        to++;
      }
      if (to > from) {
        fields.add(part(from, to));
      }
      from = to + 1;
    }
    return fields;
  }

  boolean is(String other) {
    return text.equals(other);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean isNumber() {
    return !isEmpty()
        && text.length() <= MAX_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The number that this word is, by {@link #isNumber}. */
  int number() {
    return Integer.parseInt(text);
  }

  Unreadable wrong(String message) {
    return new Unreadable(message, column);
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
