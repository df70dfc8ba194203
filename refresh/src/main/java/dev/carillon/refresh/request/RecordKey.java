package dev.carillon.refresh.request;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * The name of a record of an upstream API.
 *
 * @param source the API, such as {@code clash-of-clans}
 * @param type what the record is, such as {@code clan}
 * @param tag which one, as the source writes it
 */
public record RecordKey(String source, String type, String tag) {

  /** The longest tag, in characters. */
  public static final int MAX_TAG_LENGTH = 128;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public RecordKey {
    requireName("source", source);
    requireName("type", type);
    requireNonNull(tag, "tag is null");
    if (tag.isEmpty()
        || tag.length() > MAX_TAG_LENGTH
        || tag.codePoints().anyMatch(RecordKey::isNoText)) {
      throw new IllegalArgumentException(
          "tag must have 1 to %d characters, none of them a control character or half of one"
              .formatted(MAX_TAG_LENGTH));
    }
  }

  @Override
  public String toString() {
    return source + "/" + type + "/" + tag;
  }

  /** Half of a surrogate pair can be written neither to PostgreSQL nor to Redis. */
  private static boolean isNoText(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static void requireName(String field, String value) {
    requireNonNull(value, field + " is null");
    if (!NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          field
              + " must be 1 to 64 small letters, digits, - and _, and begin with a letter or digit");
    }
  }
}
