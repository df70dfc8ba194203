package dev.carillon.server.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.postgres.AttemptLog.Cursor;
import dev.carillon.postgres.AttemptLog.Entry;
import dev.carillon.server.http.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page of attempts, the latest first.
 *
 * @param nextCursor where the next page begins; null on the last one
 */
@JsonNaming(SnakeCaseStrategy.class)
record AttemptPage(List<AttemptView> attempts, @Nullable String nextCursor, boolean hasMore) {

  private static final Pattern CURSOR = Pattern.compile("\\d{1,18}\\.[0-9a-f-]{36}");
  private static final long MICROS = 1_000_000;

  /**
   * An attempt.
   *
   * @param attempt which one of the event, from 1
   * @param endpoint to which endpoint
   * @param result what became of the event
   * @param reason why the attempt failed; null if it did not
   * @param details status and response or error, and timings in milliseconds
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record AttemptView(
      UUID eventId,
      int attempt,
      UUID endpoint,
      Instant startedAt,
      Instant endedAt,
      String result,
      @Nullable String reason,
      JsonNode details) {

    static AttemptView of(Entry entry) {
      return new AttemptView(
          entry.event(),
          entry.number(),
          entry.lane(),
          entry.startedAt(),
          entry.endedAt(),
          entry.result().name().toLowerCase(Locale.ROOT),
          entry.reason(),
          Json.stored(entry.details()));
    }
  }

  /** The page that was read with one entry more than its limit. */
  static AttemptPage of(List<Entry> entries, int limit) {
    boolean more = entries.size() > limit;
    List<Entry> page = more ? entries.subList(0, limit) : entries;
    return new AttemptPage(
        page.stream().map(AttemptView::of).toList(), more ? cursor(page.getLast()) : null, more);
  }

  /** Where a page begins, as a page before it said. */
  static Optional<Cursor> cursor(String text) {
    if (!CURSOR.matcher(text).matches()) {
      return Optional.empty();
    }
    int dot = text.indexOf('.');
    try {
      long micros = Long.parseLong(text.substring(0, dot));
      Instant endedAt = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      return Optional.of(new Cursor(endedAt, UUID.fromString(text.substring(dot + 1))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String cursor(Entry last) {
    Instant at = last.endedAt();
    return (at.getEpochSecond() * MICROS + at.getNano() / 1_000) + "." + last.event();
  }
}
