package dev.carillon.bench.drain;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What the rounds of a drain say.
 *
 * @param server the server's version
 * @param measurements of all contenders and rounds
 */
public record DrainReport(String server, List<Measurement> measurements) {

  /** Whom the ratios are to. */
  public static final String REFERENCE = "db-scheduler";

  private static final String NONE = "-";
  private static final List<String> HEADERS =
      List.of(
          "contender",
          "events/s median (min..max)",
          "x db-scheduler median (per round)",
          "stmts/event",
          "commits/event",
          "WAL B/event",
          "with page images",
          "server CPU s/1000",
          "client CPU s/1000",
          "dead tuples");

  /** The table with its heading and footnotes. */
  public String text() {
    List<List<String>> rows = contenders().stream().map(this::row).toList();
    Measurement any = measurements.getFirst();
    return """
    Drain of %,d due no-op events, %d round(s), contenders in turn, each on a fresh database of one
    PostgreSQL %s (fsync and synchronous_commit on), %d processors shared by server and client.

    %s
    The clock stops when the last event is committed as done, found in the tables. Carillon keeps each done
    event in event_history and JobRunr keeps its jobs; db-scheduler deletes its rows: history is their
    handicap, not its. carillon-next and carillon-wide-next also plan next year's event in the same transaction.
    Wide: claimBatch 500, concurrency 2000. Peers: 20 threads; db-scheduler pollUsingLockAndFetch(1.0, 4.0)
    every 200 ms; JobRunr OSS polls every 5 s. Statements are top-level ones without BEGIN and COMMIT, commits
    are transactions that wrote; page images are what the checkpoint before the start adds to the log.
    """
        .formatted(
            any.events(),
            rounds(),
            server,
            Runtime.getRuntime().availableProcessors(),
            new Table(HEADERS, rows).text());
  }

  /** By how much a contender was faster than the reference, a value a round. */
  public List<Double> ratios(String contender) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 1; round <= rounds(); round++) {
      Optional<Measurement> mine = find(contender, round);
      Optional<Measurement> reference = find(REFERENCE, round);
      if (mine.isPresent() && reference.isPresent()) {
        ratios.add(mine.get().eventsPerSecond() / reference.get().eventsPerSecond());
      }
    }
    return ratios;
  }

  private List<String> row(String contender) {
    Spread speed = spread(contender, Measurement::eventsPerSecond);
    OptionalDouble serverCpu = of(contender).getFirst().serverCpuPerThousand();
    return List.of(
        contender,
        "%,.0f (%,.0f..%,.0f)".formatted(speed.median(), speed.min(), speed.max()),
        ratio(contender),
        "%.3f".formatted(spread(contender, Measurement::statementsPerEvent).median()),
        "%.4f".formatted(spread(contender, Measurement::commitsPerEvent).median()),
        "%,.0f".formatted(spread(contender, Measurement::recordBytesPerEvent).median()),
        "%,.0f".formatted(spread(contender, Measurement::logBytesPerEvent).median()),
        serverCpu.isEmpty()
            ? NONE
            : "%.3f".formatted(spread(contender, m -> m.serverCpuPerThousand().orElse(0)).median()),
        "%.3f".formatted(spread(contender, Measurement::clientCpuPerThousand).median()),
        "%,.0f".formatted(spread(contender, Measurement::deadTuples).median()));
  }

  private String ratio(String contender) {
    List<Double> ratios = ratios(contender);
    if (ratios.isEmpty()) {
      return NONE;
    }
    List<String> rounds = ratios.stream().map("%.1f"::formatted).toList();
    return "%.1f (%s)".formatted(Spread.of(ratios).median(), String.join(" ", rounds));
  }

  private Spread spread(String contender, ToDoubleFunction<Measurement> value) {
    return Spread.of(of(contender).stream().map(value::applyAsDouble).toList());
  }

  private List<String> contenders() {
    return measurements.stream().map(Measurement::contender).distinct().toList();
  }

  private List<Measurement> of(String contender) {
    return measurements.stream().filter(m -> m.contender().equals(contender)).toList();
  }

  private Optional<Measurement> find(String contender, int round) {
    return of(contender).stream().filter(m -> m.round() == round).findFirst();
  }

  private int rounds() {
    return measurements.stream().mapToInt(Measurement::round).max().orElse(0);
  }
}
