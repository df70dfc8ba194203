package dev.carillon.schedule.expression;

/** What is wrong with an expression, on its way from the part that found it to the parser. */
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  private final int column;

  Unreadable(String message, int column) {
    super(message, null, false, false);
    this.column = column;
  }

  int column() {
    return column;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
