package dev.carillon.server.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entity tags and dates in headers (RFC 9110, sections 5.6.7, 8.8 and 13.1). */
public final class Validators {

  private static final String ANY = "*";
  private static final String WEAK = "W/";

  /** One of a list; what is between the quotes may hold commas (section 8.8.3). */
  private static final Pattern TAG =
      Pattern.compile("[\\s,]*(?:W/)?(\"[!\\x23-\\x7e\\x80-\\xff]*\")\\s*(?=,|$)");

  // The JDK's RFC_1123_DATE_TIME has days of one digit.
  private static final DateTimeFormatter FIXED = form("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

  /** The three forms that must be understood; the first is the one that is written. */
  private static final List<DateTimeFormatter> FORMS =
      List.of(FIXED, form("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"), form("EEE MMM ppd HH:mm:ss yyyy"));

  private Validators() {}

  /**
   * A weak entity tag: answers that share it mean the same, though not each byte of them is the
   * same (section 8.8.1).
   */
  public static String weakTag(String version) {
    return WEAK + '"' + version + '"';
  }

  /**
   * Whether a caller says that it has an answer of this tag already. Compared weakly, as is said
   * for this header (section 13.1.2). What follows something that is no tag is not read.
   *
   * @param ifNoneMatch the header's fields, one or more tags to a text
   */
  public static boolean isKnown(List<String> ifNoneMatch, String tag) {
    String fields = String.join(",", ifNoneMatch).strip();
    if (fields.equals(ANY)) {
      return true;
    }
    String opaque = tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
    Matcher tags = TAG.matcher(fields);
    while (tags.lookingAt()) {
      if (tags.group(1).equals(opaque)) {
        return true;
      }
      tags.region(tags.end(), fields.length());
    }
    return false;
  }

  /** An instant as headers have it: in whole seconds. */
  public static String date(Instant instant) {
    return FIXED.format(instant.atOffset(ZoneOffset.UTC));
  }

  /** Whether a header's date is the second of an instant; what is no date is none. */
  public static boolean isDateOf(List<String> header, Instant instant) {
    return header.size() == 1
        && FORMS.stream()
            .map(form -> form.format(instant.atOffset(ZoneOffset.UTC)))
            .anyMatch(header.getFirst().strip()::equals);
  }

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }
}
