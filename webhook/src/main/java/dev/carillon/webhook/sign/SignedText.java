package dev.carillon.webhook.sign;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Pattern;

/** What is signed of a message: {@code id.timestamp.body}. */
final class SignedText {

  private static final Pattern ID = Pattern.compile("[\\x21-\\x2D\\x2F-\\x7E]+");

  private SignedText() {}

  /** Whether an id can be one: with a full stop in it two messages could have the same text. */
  static boolean isId(String id) {
    return ID.matcher(id).matches();
  }

  /** All that comes before the body; Standard Webhooks 1.0.0, "Signature scheme". */
  static byte[] head(String id, long timestamp) {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "a webhook id has visible ASCII characters, and none is a full stop: "
              + id.replaceAll("\\p{Cntrl}", "?"));
    }
    return (id + "." + timestamp + ".").getBytes(US_ASCII);
  }
}
