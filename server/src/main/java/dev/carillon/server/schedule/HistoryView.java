package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.schedule.history.HistoryPage;
import dev.carillon.schedule.history.HistoryPage.Cursor;
import dev.carillon.schedule.history.HistoryPage.Entry;
import dev.carillon.schedule.history.HistoryPage.Missed;
import dev.carillon.schedule.history.HistoryPage.Ran;
import dev.carillon.schedule.history.PastRun;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A page of a schedule's history as JSON, the latest first.
 *
 * @param nextCursor where the next page begins; null on the last one
 */
@JsonNaming(SnakeCaseStrategy.class)
record HistoryView(List<FiringView> firings, @Nullable String nextCursor, boolean hasMore) {

  private static final Pattern CURSOR = Pattern.compile("([0-9a-f-]{36})?~(-?\\d{1,18})?");
  private static final long MICROS = 1_000_000;
  private static final String MISSED = "missed";

  /**
   * What became of a firing.
   *
   * @param status of a run its event's, in small letters; of one that was not run {@code missed}
   * @param kind why a run came to be; null if it was not run
   * @param run the run's id, which its event has; null if it was not run
   * @param nominalAt the nominal time
   * @param nominalLocal the same on the schedule's wall clock
   * @param dueAt the nominal time and the run's place in the flexible window
   * @param startedAt when the first attempt began, where that was logged
   * @param endedAt when the last attempt ended
   * @param lateness in seconds, from due to the first attempt's begin or, where that was not
   *     logged, to the end of the run
   * @param count how many firings it stands for, from this one on
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record FiringView(
      @Schema(enumeration = {"pending", "processing", "completed", "failed", "cancelled", MISSED})
          String status,
      @Nullable String kind,
      @Nullable UUID run,
      Instant nominalAt,
      String nominalLocal,
      @Nullable Instant dueAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Double lateness,
      @Nullable Integer attempts,
      @Nullable Instant nextAttemptAt,
      @Nullable String reason,
      long count) {

    static FiringView of(Entry entry) {
      return switch (entry) {
        case Ran(PastRun run) -> of(run);
        case Missed(Miss miss) -> of(miss);
      };
    }

    static FiringView of(PastRun run) {
      Details details = run.details();
      Duration late = run.lateness();
      return new FiringView(
          details.status().name().toLowerCase(Locale.ROOT),
          Spelling.of(run.order().kind()),
          details.event().id(),
          run.order().nominalAt(),
          run.order().nominalLocal().toString(),
          run.dueAt(),
          run.startedAt(),
          details.executedAt(),
          late == null ? null : ScheduleView.seconds(late),
          run.attempts(),
          details.nextAttemptAt(),
          details.failureReason(),
          1);
    }

    static FiringView of(Miss miss) {
      return new FiringView(
          MISSED,
          null,
          null,
          miss.nominalAt(),
          miss.nominalLocal().toString(),
          null,
          null,
          null,
          null,
          null,
          null,
          miss.reason(),
          miss.count());
    }
  }

  static HistoryView of(HistoryPage page) {
    Cursor next = page.next();
    return new HistoryView(
        page.entries().stream().map(FiringView::of).toList(),
        next == null ? null : text(next),
        next != null);
  }

  /** Where a page begins, as a page before it said. */
  static Optional<Cursor> cursor(String text) {
    Matcher form = CURSOR.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      String run = form.group(1);
      String micros = form.group(2);
      return Optional.of(
          new Cursor(
              run == null ? null : UUID.fromString(run),
              micros == null
                  ? null
                  : Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String text(Cursor cursor) {
    Instant miss = cursor.missAt();
    String micros =
        miss == null ? "" : Long.toString(miss.getEpochSecond() * MICROS + miss.getNano() / 1_000);
    return (cursor.run() == null ? "" : cursor.run()) + "~" + micros;
  }
}
