package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Text in columns, for people. What others wrote has no control characters left. */
final class Table {

  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with a heading. */
  Table(String... heading) {
    rows.add(List.of(heading));
  }

  void add(String... cells) {
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(printable(cell));
    }
    rows.add(row);
  }

  void print(PrintWriter out) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** An object's fields, those that say nothing left out. */
  static void printFields(PrintWriter out, JsonNode object) {
    int width =
        object.propertyStream().map(Map.Entry::getKey).mapToInt(String::length).max().orElse(0);
    object
        .propertyStream()
        .filter(field -> !saysNothing(field.getValue()))
        .forEach(field ->
            out.println(
                field.getKey()
                    + " ".repeat(width - field.getKey().length())
                    + GAP
                    + printable(text(field.getValue()))));
  }

  /** A value without quotes; nothing for null. */
  static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    return value.isTextual() ? value.textValue() : value.toString();
  }

  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static boolean saysNothing(JsonNode value) {
    return value.isNull() || (value.isContainerNode() && value.isEmpty()) || text(value).isEmpty();
  }
}
