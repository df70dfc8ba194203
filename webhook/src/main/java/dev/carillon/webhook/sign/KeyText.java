package dev.carillon.webhook.sign;

import java.util.Base64;

/** Keys in writing: a prefix and base64. */
final class KeyText {

  private KeyText() {}

  static String write(String prefix, byte[] bytes) {
    return prefix + Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * The bytes after the prefix.
   *
   * @param allowed what is allowed, in words, for the error
   */
  static byte[] read(String text, String prefix, String allowed) {
    if (!text.startsWith(prefix)) {
      throw new IllegalArgumentException(allowed + ": the prefix is missing");
    }
    try {
      return Base64.getDecoder().decode(text.substring(prefix.length()));
    } catch (IllegalArgumentException _) {
      // The decoder's own message repeats a character of the secret, so it is not kept as the
      // cause.
      throw new IllegalArgumentException(allowed + ": it is not base64");
    }
  }
}
