package dev.carillon.bench.firings;

import dev.carillon.bench.database.BenchDatabase.StatementCost;
import dev.carillon.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How late schedules fired.
 *
 * @param server the server's version
 * @param pace how long each part took
 * @param fired one a load and round
 */
public record FiringsReport(String server, Pace pace, List<Fired> fired) {

  private static final List<String> HEADERS =
      List.of(
          "load",
          "firings",
          "p50 ms late",
          "p99",
          "max",
          "bare timer p99",
          "missed",
          "double",
          "stmts/firing",
          "commits/firing",
          "WAL B/firing",
          "with page images",
          "server CPU s/1000",
          "client CPU s/1000");

  /** The table with its heading and footnotes. */
  public String text() {
    return """
    Schedules that fire for %d s, each load on a fresh database of one PostgreSQL %s (fsync and
    synchronous_commit on), %d processors shared by server and client. Lateness is from the nominal time to
    the target's call, by one clock; %d s before do not count. The bare timer is a thread of the same process that only sleeps.

    %s
    each-second: 1,000 of rate(1 second), evenly spread over the second. each-minute: 60,000 of
    rate(60 seconds), evenly spread over the minute. at-once: 1,000 of rate(1 second), all at its beginning.
    """
        .formatted(
            pace.time().toSeconds(),
            server,
            Runtime.getRuntime().availableProcessors(),
            pace.warmUp().toSeconds(),
            new Table(HEADERS, fired.stream().map(Fired::cells).toList()).text());
  }

  /** Whether each firing began once. */
  public boolean isCorrect() {
    return fired.stream().allMatch(Fired::isCorrect);
  }

  /** The statements that took the most time, of the last round of each load. */
  public Map<String, List<StatementCost>> costliest() {
    Map<String, List<StatementCost>> costs = new LinkedHashMap<>();
    fired.forEach(one -> costs.put(one.load().name(), one.costliest()));
    return costs;
  }
}
