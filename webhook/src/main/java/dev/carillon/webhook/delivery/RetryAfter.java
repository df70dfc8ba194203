package dev.carillon.webhook.delivery;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a {@code Retry-After} header asks to wait (RFC 9110, section 10.2.3): seconds, or an
 * HTTP date in any of its three forms (section 5.6.7). Fractions of a second are not in the RFC but
 * are sent.
 */
final class RetryAfter {

  /** The longest wait that is told apart from a longer one. */
  static final Duration LONGEST = Duration.ofDays(366);

  private static final int MAX_LENGTH = 64;
  private static final Pattern SECONDS = Pattern.compile("\\d+(\\.\\d+)?");
  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(LONGEST.toSeconds());

  // RFC 9110, section 5.6.7: the form of today, that of RFC 850 and that of C's asctime().
  // A date of the 1990s in two digits is read as one of the 2090s, which its weekday contradicts:
  // no date.
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          inUtc("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"),
          inUtc("EEE MMM ppd HH:mm:ss yyyy"));

  private RetryAfter() {}

  /** The wait that the header asks for at the given time; null if it makes no sense or is over. */
  static @Nullable Duration parse(String header, Instant now) {
    String text = header.strip();
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    return SECONDS.matcher(text).matches() ? ofSeconds(text) : untilDate(text, now);
  }

  // Rounded up: a retry is never earlier than asked for.
  private static Duration ofSeconds(String text) {
    BigDecimal seconds = new BigDecimal(text).min(LONGEST_SECONDS);
    return Duration.ofNanos(
        seconds.movePointRight(9).setScale(0, RoundingMode.CEILING).longValueExact());
  }

  private static @Nullable Duration untilDate(String text, Instant now) {
    Instant date = date(text);
    if (date == null || date.isBefore(now)) {
      return null;
    }
    Duration wait = Duration.between(now, date);
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static @Nullable Instant date(String text) {
    for (DateTimeFormatter form : DATES) {
      try {
        return form.parse(text, Instant::from);
      } catch (DateTimeParseException _) {
        // Perhaps it has the next form.
      }
    }
    return null;
  }

  private static DateTimeFormatter inUtc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }
}
