package dev.carillon.schedule.expression;

import java.util.Map;

/** Reads expressions: finds the kind, and leaves the rest to the kind's own reader. */
final class ExpressionParser {

  private static final int MAX_SHOWN = 80;

  private interface Kind {
    Expression read(String text, Word body) throws Unreadable;
  }

  private static final Map<String, Kind> KINDS =
      Map.of(
          "rate", RateExpression::read,
          "cron", CronExpression::read,
          "at", AtExpression::read,
          "yearly", YearlyExpression::read,
          "rrule", RruleExpression::read);

  private ExpressionParser() {}

  static Parsed parse(String text) {
    try {
      return new Parsed.Valid(read(text));
    } catch (Unreadable e) {
      String error = "Invalid Schedule Expression %s. %s".formatted(shown(text), e.message());
      return new Parsed.Invalid(error, e.column());
    }
  }

  private static Expression read(String text) throws Unreadable {
    int open = text.indexOf('(');
    Kind kind = open < 0 ? null : KINDS.get(text.substring(0, open));
    if (kind == null) {
      throw new Unreadable(
          "It must be rate(...), cron(...), at(...), yearly(...) or rrule(...), in small letters"
              + " and with nothing before it.",
          1);
    }
    requireLength(text);
    requirePrintable(text);
    int close = text.lastIndexOf(')');
    if (close < 0) {
      throw new Unreadable("The closing ) is missing.", text.length());
    }
    if (close < text.length() - 1) {
      throw new Unreadable("Nothing may follow the closing ).", close + 2);
    }
    return kind.read(text, new Word(text.substring(open + 1, close), open + 2));
  }

  private static void requireLength(String text) throws Unreadable {
    int most = text.startsWith("rrule(") ? Expression.MAX_RRULE_LENGTH : Expression.MAX_LENGTH;
    if (text.length() > most) {
      throw new Unreadable(
          "It has %d characters: at most %d are allowed.".formatted(text.length(), most), most + 1);
    }
  }

  private static void requirePrintable(String text) throws Unreadable {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPrintable(c) && !Word.isBlank(c)) {
        throw new Unreadable("Only printable ASCII characters are allowed.", i + 1);
      }
    }
  }

  private static boolean isPrintable(char c) {
    return c > ' ' && c <= '~';
  }

  /** The text as an error may repeat it: in full if it is not too long, and without controls. */
  private static String shown(String text) {
    boolean whole = text.length() <= Expression.MAX_RRULE_LENGTH;
    String shown = whole ? text : text.substring(0, MAX_SHOWN) + "...";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
