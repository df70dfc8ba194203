package dev.carillon.view.definition;

/**
 * Where PostgreSQL ends a statement, by its own rules of quotes and comments (manual, 4.1): these
 * are not those of the reader, which takes {@code //} for a comment and knows other quotes.
 */
final class Lexis {

  private static final int NONE = -1;

  private final String text;
  private final boolean backslashes;
  private int at;

  private Lexis(String text, boolean backslashes) {
    this.text = text;
    this.backslashes = backslashes;
  }

  /**
   * The place of the first semicolon that ends a statement, however the database is set to read
   * backslashes (standard_conforming_strings); the text's length if there is none.
   */
  static int end(String text) {
    return Math.min(new Lexis(text, false).end(), new Lexis(text, true).end());
  }

  private int end() {
    while (at < text.length()) {
      char here = text.charAt(at);
      if (here == ';') {
        return at;
      }
      if (here == '\'') {
        quoted('\'', backslashes);
      } else if (here == '"') {
        quoted('"', false);
      } else if (here == '$') {
        dollar();
      } else if (text.startsWith("--", at)) {
        line();
      } else if (text.startsWith("/*", at)) {
        comment();
      } else if (isName(here)) {
        name();
      } else {
        at++;
      }
    }
    return text.length();
  }

  private void quoted(char quote, boolean escapes) {
    do {
      at++;
      while (at < text.length() && text.charAt(at) != quote) {
        at += escapes && text.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
      // Two quotes stand for one: the string goes on.
    } while (at < text.length() && text.charAt(at) == quote);
  }

  /** {@code $$} or {@code $tag$}, up to the same again; else a parameter. */
  private void dollar() {
    int close = at + 1;
    while (close < text.length() && isInTag(text.charAt(close), close == at + 1)) {
      close++;
    }
    if (close == text.length() || text.charAt(close) != '$') {
      at++;
      return;
    }
    String tag = text.substring(at, close + 1);
    int again = text.indexOf(tag, close + 1);
    at = again == NONE ? text.length() : again + tag.length();
  }

  private void line() {
    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      at++;
    }
  }

  private void comment() {
    int depth = 0;
    do {
      boolean opens = text.startsWith("/*", at);
      boolean closes = text.startsWith("*/", at);
      depth += opens ? 1 : closes ? -1 : 0;
      at += opens || closes ? 2 : 1;
    } while (depth > 0 && at < text.length());
  }

  private void name() {
    int start = at;
    while (at < text.length() && isInName(text.charAt(at))) {
      at++;
    }
    boolean escapes = text.substring(start, at).equalsIgnoreCase("e");
    if (escapes && at < text.length() && text.charAt(at) == '\'') {
      quoted('\'', true);
    }
  }

  private static boolean isInTag(char one, boolean first) {
    return first ? isName(one) : isName(one) || isDigit(one);
  }

  private static boolean isInName(char one) {
    return isName(one) || isDigit(one) || one == '$';
  }

  private static boolean isName(char one) {
    return one == '_' || one > '\u007f' || (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  }

  private static boolean isDigit(char one) {
    return one >= '0' && one <= '9';
  }
}
