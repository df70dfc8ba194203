package dev.carillon.webhook;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;
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
    Instant date = DateUtils.parseStandardDate(text);
    if (date == null || date.isBefore(now)) {
      return null;
    }
    Duration wait = Duration.between(now, date);
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
