package dev.carillon.schedule.history;

import dev.carillon.schedule.Miss;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of a schedule's history, the latest first: runs in the order they were planned, and
 * between them the firings that were not run.
 *
 * @param entries what is on the page
 * @param next where the next page begins; null on the last one
 */
public record HistoryPage(List<Entry> entries, @Nullable Cursor next) {

  public HistoryPage {
    entries = List.copyOf(entries);
  }

  /** What became of a firing. */
  public sealed interface Entry {}

  /** It was run, or is to be. */
  public record Ran(PastRun run) implements Entry {}

  /** It was not run. */
  public record Missed(Miss miss) implements Entry {}

  /**
   * Where a page ended.
   *
   * @param run the last run up to there; null if there was none
   * @param missAt the nominal time of the last miss up to there; null if there was none
   */
  public record Cursor(@Nullable UUID run, @Nullable Instant missAt) {

    /** The beginning. */
    public static final Cursor START = new Cursor(null, null);
  }

  /**
   * Merges runs and misses, each in their own order.
   *
   * @param from where the page begins
   * @param runs the next runs, one more than the limit if there are as many
   * @param misses the next misses, likewise
   */
  static HistoryPage merge(Cursor from, List<PastRun> runs, List<Miss> misses, int limit) {
    List<Entry> entries = new ArrayList<>();
    UUID lastRun = from.run();
    Instant lastMiss = from.missAt();
    int r = 0;
    int m = 0;
    while (entries.size() < limit && (r < runs.size() || m < misses.size())) {
      if (m == misses.size() || (r < runs.size() && isLater(runs.get(r), misses.get(m)))) {
        PastRun run = runs.get(r++);
        lastRun = run.details().event().id();
        entries.add(new Ran(run));
      } else {
        Miss miss = misses.get(m++);
        lastMiss = miss.nominalAt();
        entries.add(new Missed(miss));
      }
    }
    boolean more = r < runs.size() || m < misses.size();
    return new HistoryPage(entries, more ? new Cursor(lastRun, lastMiss) : null);
  }

  private static boolean isLater(PastRun run, Miss miss) {
    return !run.dueAt().isBefore(miss.nominalAt());
  }
}
