package dev.carillon.testkit.clash;

import java.nio.charset.StandardCharsets;

/** Tags of the game, and the numbers that all its data follow from. */
final class Tags {

  /** The characters of tags. */
  static final String ALPHABET = "0289PYLQGRJCUV";

  private static final int MIN_LENGTH = 3;
  private static final int MAX_LENGTH = 14;

  private Tags() {}

  static boolean isTag(String text) {
    return text.length() > MIN_LENGTH
        && text.length() <= MAX_LENGTH + 1
        && text.charAt(0) == '#'
        && text.chars().skip(1).allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  /** A number as that many characters of a tag. */
  static String digits(long number, int length) {
    StringBuilder text = new StringBuilder();
    long left = number;
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt((int) Math.floorMod(left, (long) ALPHABET.length())));
      left = Math.floorDiv(left, (long) ALPHABET.length());
    }
    return text.reverse().toString();
  }

  /** The number of characters of a tag. */
  static long number(String digits) {
    return digits
        .chars()
        .asLongStream()
        .reduce(0, (sum, c) -> sum * ALPHABET.length() + ALPHABET.indexOf((int) c));
  }

  /** A number from 0 to below {@code bound} that follows from a text and a number. */
  static int chance(String text, long salt, int bound) {
    long hash = 0xcbf29ce484222325L ^ (salt * 0x9e3779b97f4a7c15L);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash ^= hash >>> 29;
    return (int) Long.remainderUnsigned(hash, bound);
  }
}
