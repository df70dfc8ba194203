package dev.carillon.server.demo.refresh;

import dev.carillon.testkit.clash.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the refreshing of some clans came to, as the upstream API counted it.
 *
 * @param clans how many were to be refreshed
 * @param served how many of them the API was to serve in the end
 * @param failing how many it was to fail for good
 * @param seen how fast it was called
 * @param ends what the calls came to
 * @param noted how many failed calls are in the database
 * @param left how many requests wait in the end
 * @param took how long it took
 */
record RefreshDemoReport(
    int clans,
    long served,
    long failing,
    Seen seen,
    Counted ends,
    long noted,
    long left,
    Duration took) {

  /** The calls a second that are never to be exceeded. */
  static final int LIMIT = 30;

  /** The part of the limit that is to be reached until the first outage. */
  static final double LEAST_PART = 0.9;

  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final int TOO_FAST = 429;
  private static final int MAINTENANCE = 503;
  private static final double MILLIS = 1e3;

  /**
   * What the API counted.
   *
   * @param calls all calls
   * @param mostInAnySecond the most in any sliding second
   * @param rate the calls a second until the first outage
   * @param breaches the calls beyond the limit
   */
  record Seen(int calls, int mostInAnySecond, double rate, long breaches) {}

  /**
   * What calls came to.
   *
   * @param found the records that were sent
   * @param failed the calls that failed for good, those for records that are not there among them
   * @param turnedAway the calls that nobody was served by: they are made again
   * @param lost the clans that were never answered for good
   * @param doubled the calls for clans that were answered for good before
   */
  record Counted(long found, long failed, long turnedAway, long lost, long doubled) {

    /**
     * Counts calls.
     *
     * @param refused the path of the call whose key was refused; null if none was
     * @param good says whether an answer of status 200 is the record that was asked for
     */
    static Counted of(
        List<Arrival> arrivals,
        List<String> paths,
        @Nullable String refused,
        Predicate<String> good) {
      Map<String, Integer> ends = new HashMap<>();
      long found = 0;
      long failed = 0;
      long turnedAway = 0;
      boolean refusedSeen = false;
      for (Arrival arrival : arrivals) {
        boolean isRefusal =
            !refusedSeen && arrival.path().equals(refused) && arrival.status() == FORBIDDEN;
        refusedSeen |= isRefusal;
        if (isRefusal || arrival.status() == TOO_FAST || arrival.status() == MAINTENANCE) {
          turnedAway++;
        } else {
          ends.merge(arrival.path(), 1, Integer::sum);
          boolean isFound = arrival.status() == OK && good.test(arrival.path());
          found += isFound ? 1 : 0;
          failed += isFound ? 0 : 1;
        }
      }
      long lost = paths.stream().filter(path -> !ends.containsKey(path)).count();
      long doubled = ends.values().stream().mapToLong(count -> count - 1).sum();
      return new Counted(found, failed, turnedAway, lost, doubled);
    }
  }

  boolean isFlawless() {
    return flaws().isEmpty();
  }

  /** What is not as it should be, for people. */
  List<String> flaws() {
    List<String> flaws = new ArrayList<>();
    if (seen.breaches() > 0 || seen.mostInAnySecond() > LIMIT) {
      flaws.add("%d calls came within a second".formatted(seen.mostInAnySecond()));
    }
    if (seen.rate() < LEAST_PART * LIMIT) {
      flaws.add(
          String.format(
              Locale.ROOT,
              "%.2f calls a second: at least %.0f are expected, unless one came too early",
              seen.rate(),
              LEAST_PART * LIMIT));
    }
    differs(flaws, "clans lost", ends.lost(), 0);
    differs(flaws, "clans doubled", ends.doubled(), 0);
    differs(flaws, "clans found", ends.found(), served);
    differs(flaws, "clans failed", ends.failed(), clans - served);
    differs(flaws, "failures noted", noted, failing);
    differs(flaws, "requests left in the queue", left, 0);
    return flaws;
  }

  private static void differs(List<String> flaws, String what, long is, long expected) {
    if (is != expected) {
      flaws.add("%,d %s: %,d expected".formatted(is, what, expected));
    }
  }

  String table() {
    List<String> lines = new ArrayList<>();
    lines.add(row("clans", clans, "queued three times, with three priorities"));
    lines.add(row("calls", seen.calls(), "as the API counted them, like all that follows"));
    lines.add(
        row(
            "most in any second",
            seen.mostInAnySecond(),
            "by two drains together; %d are allowed".formatted(LIMIT)));
    lines.add(
        text(
            "calls a second",
            String.format(Locale.ROOT, "%.2f", seen.rate()),
            "until the first outage"));
    lines.add(row("beyond the limit", seen.breaches(), ""));
    lines.add(row("found", ends.found(), "of %,d that it has".formatted(served)));
    lines.add(row("failed", ends.failed(), "in %d ways".formatted(Mishaps.KINDS.size() - 1)));
    lines.add(row("noted as failed", noted, "in the database; not among them: unknown tags"));
    lines.add(
        row("turned away", ends.turnedAway(), "429, maintenance, a key refused: called again"));
    lines.add(row("lost", ends.lost(), ""));
    lines.add(row("doubled", ends.doubled(), ""));
    lines.add(row("left in the queue", left, ""));
    lines.add(text("took", String.format(Locale.ROOT, "%.1f s", took.toMillis() / MILLIS), ""));
    lines.add("");
    List<String> flaws = flaws();
    if (flaws.isEmpty()) {
      lines.add("  everything is as it should be");
    } else {
      lines.add("  SOMETHING IS OFF (a machine that is busy otherwise makes calls late)");
      flaws.forEach(flaw -> lines.add("    " + flaw));
    }
    return String.join("\n", lines);
  }

  private static String row(String name, long number, String note) {
    return text(name, String.format(Locale.ROOT, "%,d", number), note);
  }

  private static String text(String name, String value, String note) {
    return String.format(Locale.ROOT, "  %-20s %8s  %s", name, value, note).stripTrailing();
  }
}
