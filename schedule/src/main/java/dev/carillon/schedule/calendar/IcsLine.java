package dev.carillon.schedule.calendar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A content line of an iCalendar text (RFC 5545, section 3.1), unfolded.
 *
 * @param number of its first line, from 1
 * @param name the property's, in capitals
 * @param parameters what stands between name and value, in capitals
 * @param value what stands after the colon
 */
record IcsLine(int number, String name, String parameters, String value) {

  /** The most lines of a text. */
  static final int MAX_LINES = 100_000;

  boolean is(String property, String text) {
    return name.equals(property) && value.equalsIgnoreCase(text);
  }

  /** All lines; those that are folded are made one. */
  static List<IcsLine> all(String text) {
    List<IcsLine> lines = new ArrayList<>();
    StringBuilder unfolded = new StringBuilder();
    int first = 1;
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (number > MAX_LINES) {
        throw new IllegalArgumentException("more than %d lines".formatted(MAX_LINES));
      }
      boolean isFolded = line.startsWith(" ") || line.startsWith("\t");
      if (isFolded) {
        unfolded.append(line, 1, line.length());
      } else {
        add(lines, unfolded.toString(), first);
        unfolded.setLength(0);
        unfolded.append(line);
        first = number;
      }
    }
    add(lines, unfolded.toString(), first);
    return lines;
  }

  private static void add(List<IcsLine> lines, String text, int number) {
    String line = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (line.isBlank()) {
      return;
    }
    int colon = colon(line);
    if (colon < 0) {
      throw new IllegalArgumentException(
          "line %d is not of the form NAME:value of an iCalendar text".formatted(number));
    }
    String head = line.substring(0, colon).toUpperCase(Locale.ROOT);
    int semicolon = head.indexOf(';');
    lines.add(
        new IcsLine(
            number,
            semicolon < 0 ? head : head.substring(0, semicolon),
            semicolon < 0 ? "" : head.substring(semicolon + 1),
            line.substring(colon + 1).strip()));
  }

  /** The colon that ends name and parameters: not one within quotes. */
  private static int colon(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ':' && !quoted) {
        return i;
      }
    }
    return -1;
  }
}
