package dev.carillon.webhook.http;

import java.util.regex.Pattern;

/** Text from outside made fit for a log line and a database column. */
public final class PlainText {

  // \p{C}: control, format (such as text direction), surrogate, private and unassigned characters.
  private static final Pattern NOT_PLAIN = Pattern.compile("[\\p{C}\\p{Z}\\s]+");

  private PlainText() {}

  /** The text on one line, without control characters, cut to the given number of characters. */
  public static String of(String text, int most) {
    String plain = NOT_PLAIN.matcher(text).replaceAll(" ").strip();
    if (plain.length() <= most) {
      return plain;
    }
    boolean splitsPair = Character.isHighSurrogate(plain.charAt(most - 1));
    return plain.substring(0, splitsPair ? most - 1 : most);
  }
}
