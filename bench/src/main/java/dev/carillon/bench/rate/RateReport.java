package dev.carillon.bench.rate;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How near callers came to the limit, and whether above it.
 *
 * @param server the database server's version
 * @param limit the calls a second
 * @param time how long each counted
 * @param runs one a load and round
 */
public record RateReport(String server, int limit, Duration time, List<RateRun> runs) {

  private static final double PERCENT = 100;
  private static final List<String> HEADERS =
      List.of(
          "limiter",
          "processes",
          "most left in a second",
          "most arrived",
          "% of the limit",
          "slots given up",
          "late calls",
          "CPU ms/call");

  /** The table with its heading and footnotes. */
  public String text() {
    Map<RateLoad, List<RateRun>> byLoad =
        runs.stream()
            .collect(Collectors.groupingBy(RateRun::load, LinkedHashMap::new, Collectors.toList()));
    return """
    Calls of an API that allows %d a second and takes 50 to 100 ms, for %d s after %d s of warm-up; PostgreSQL %s, %d processors
    shared by callers, stores and API. Median of %d rounds, and range. The most calls in any sliding second, as
    they left and as they arrived at the API, are from the first call on, cold callers and all.

    %s
    A bucket4j bucket of 30 tokens starts full, as after every quiet second. Late calls: so late that later slots were moved.
    """
        .formatted(
            limit,
            time.toSeconds(),
            Rate.WARM_UP.toSeconds(),
            server,
            Runtime.getRuntime().availableProcessors(),
            byLoad.values().stream().mapToInt(List::size).max().orElse(0),
            new Table(HEADERS, byLoad.values().stream().map(RateReport::cells).toList()).text());
  }

  /** Whether our callers never exceeded the limit. */
  public boolean isCorrect() {
    return runs.stream()
        .filter(run -> run.load().limiter().isCarillon())
        .allMatch(run -> run.most() <= limit);
  }

  private static List<String> cells(List<RateRun> rounds) {
    RateLoad load = rounds.getFirst().load();
    return List.of(
        load.limiter().word(),
        Integer.toString(load.processes()),
        spread("%.0f", rounds, RateRun::left),
        spread("%.0f", rounds, RateRun::most),
        spread("%.2f", rounds, run -> PERCENT * run.share()),
        spread("%.0f", rounds, RateRun::missed),
        spread("%.0f", rounds, RateRun::late),
        spread("%.2f", rounds, RateRun::cpuMillis));
  }

  private static String spread(
      String format, List<RateRun> rounds, ToDoubleFunction<RateRun> figure) {
    Spread spread = Spread.of(rounds.stream().map(figure::applyAsDouble).toList());
    return "%s (%s-%s)"
        .formatted(
            format.formatted(spread.median()),
            format.formatted(spread.min()),
            format.formatted(spread.max()));
  }
}
