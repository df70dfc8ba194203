package dev.carillon.refresh.clash;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tags of the game, such as {@code #2PP}. */
final class ClashTags {

  // The game's keyboard has no more characters; people type the letter O for the digit 0.
  private static final Pattern TAG = Pattern.compile("#[0289PYLQGRJCUV]{3,14}");

  private ClashTags() {}

  /** A tag as the game writes it, from how people write it; empty if it can be none. */
  static Optional<String> read(String text) {
    String tag = text.strip().toUpperCase(Locale.ROOT).replace('O', '0');
    String whole = tag.startsWith("#") ? tag : "#" + tag;
    return isTag(whole) ? Optional.of(whole) : Optional.empty();
  }

  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  /** A tag as a part of a path. */
  static String encoded(String tag) {
    return "%23" + tag.substring(1);
  }
}
