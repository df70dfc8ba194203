package dev.carillon.server.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A page of refreshes of a view, the latest first. */
@JsonNaming(SnakeCaseStrategy.class)
record ViewHistory(List<Past> history, @Nullable String nextCursor, boolean hasMore) {

  /**
   * A refresh that was asked for.
   *
   * @param source who asked: manual, schedule, migrate or retry
   * @param outcome what came of it: refreshed, busy, impossible or failed
   * @param note the error, who was at it already, or why readers had to wait
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Past(
      String id,
      String source,
      String outcome,
      Instant endedAt,
      @Nullable Instant asOf,
      long durationMs,
      @Nullable Boolean concurrently,
      @Nullable Long rows,
      @Nullable Long totalJobs,
      @Nullable Long totalObjects,
      @Nullable String note) {

    static Past of(RefreshLog.Entry entry) {
      PastRefresh refresh = entry.refresh();
      return new Past(
          Long.toString(entry.id()),
          word(refresh.cause()),
          word(refresh.outcome()),
          entry.endedAt(),
          refresh.asOf(),
          refresh.duration().toMillis(),
          refresh.concurrently(),
          refresh.rows(),
          refresh.totalJobs(),
          refresh.totalObjects(),
          refresh.note());
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Cuts a page.
   *
   * @param read up to {@code limit + 1} refreshes
   */
  static ViewHistory of(List<RefreshLog.Entry> read, int limit) {
    boolean more = read.size() > limit;
    List<Past> page = read.stream().limit(limit).map(Past::of).toList();
    return new ViewHistory(page, more ? page.getLast().id() : null, more);
  }
}
