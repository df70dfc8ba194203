package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;

/**
 * The {@code UNTIL} of a recurrence rule, which still counts itself. RFC 5545 wants it in UTC where
 * the start has a zone; a local time and a date, which lasts until its end, are understood as well.
 *
 * @param lastLocal the last local time that the rule may have
 * @param lastInstant the last instant that the rule may have
 */
public record RruleUntil(LocalDateTime lastLocal, Instant lastInstant) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withResolverStyle(ResolverStyle.STRICT);

  /** Without an {@code UNTIL}. */
  public static final RruleUntil NONE =
      new RruleUntil(LocalDateTime.ofInstant(Context.LAST, ZoneOffset.UTC), Context.LAST);

  public RruleUntil {
    requireNonNull(lastLocal, "lastLocal is null");
    requireNonNull(lastInstant, "lastInstant is null");
  }

  /** Reads {@code 20261231}, {@code 20261231T090000} or {@code 20261231T090000Z}. */
  static Optional<RruleUntil> read(String text) {
    try {
      if (text.endsWith("Z")) {
        LocalDateTime utc = LocalDateTime.parse(text.substring(0, text.length() - 1), DATE_TIME);
        return Optional.of(new RruleUntil(NONE.lastLocal, utc.toInstant(ZoneOffset.UTC)));
      }
      LocalDateTime local =
          text.indexOf('T') < 0
              ? LocalDate.parse(text, DATE).atTime(LocalTime.MAX)
              : LocalDateTime.parse(text, DATE_TIME);
      return Optional.of(new RruleUntil(local, NONE.lastInstant));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
