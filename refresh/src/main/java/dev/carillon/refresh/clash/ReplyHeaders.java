package dev.carillon.refresh.clash;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What headers of an answer say about time. Pure. */
final class ReplyHeaders {

  /** The longest that an answer is believed to be fresh. */
  static final Duration MAX_FRESH = Duration.ofDays(1);

  private static final int MAX_DIGITS = 9;

  private ReplyHeaders() {}

  /**
   * Until when asking again brings the same: {@code max-age} less {@code Age}, counted from when it
   * was asked for (RFC 9111, 4.2). An answer that says nothing is fresh no longer than now.
   */
  static Instant freshUntil(Outcome.Reply reply, Instant askedAt) {
    Duration maxAge = Duration.ZERO;
    for (String header : reply.all("cache-control")) {
      for (String part : header.toLowerCase(Locale.ROOT).split(",")) {
        String directive = part.strip();
        if (directive.equals("no-store") || directive.equals("no-cache")) {
          return askedAt;
        }
        if (directive.startsWith("max-age=")) {
          maxAge = seconds(directive.substring("max-age=".length())).orElse(Duration.ZERO);
        }
      }
    }
    Duration age = reply.header("age").flatMap(ReplyHeaders::seconds).orElse(Duration.ZERO);
    Duration fresh = maxAge.minus(age);
    if (fresh.isNegative()) {
      return askedAt;
    }
    return askedAt.plus(fresh.compareTo(MAX_FRESH) > 0 ? MAX_FRESH : fresh);
  }

  /**
   * How long to wait, in seconds or until a date (RFC 9110, 10.2.3); null if it does not say, or
   * not so that it can be read.
   */
  static @Nullable Duration retryAfter(Outcome.Reply reply, Instant now) {
    String text = reply.header("retry-after").map(String::strip).orElse("");
    return seconds(text).or(() -> untilDate(text, now)).orElse(null);
  }

  private static Optional<Duration> untilDate(String text, Instant now) {
    try {
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> seconds(String text) {
    OptionalLong number = number(text.replace("\"", "").strip());
    return number.isPresent()
        ? Optional.of(Duration.ofSeconds(number.getAsLong()))
        : Optional.empty();
  }

  private static OptionalLong number(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        text.length() > MAX_DIGITS ? MAX_FRESH.toSeconds() : Long.parseLong(text));
  }
}
