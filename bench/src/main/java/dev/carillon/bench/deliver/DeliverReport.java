package dev.carillon.bench.deliver;

import dev.carillon.bench.database.BenchDatabase.StatementCost;
import dev.carillon.bench.drain.Measurement;
import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the rounds of deliveries say.
 *
 * @param server the database server's version
 * @param sizes how much was delivered
 * @param bare what the bare client did
 * @param delivered what Carillon did
 */
public record DeliverReport(
    String server, Sizes sizes, List<BareLoop.Result> bare, List<Delivered> delivered) {

  private static final double P99 = 0.99;
  private static final double HALF = 0.5;
  private static final double MILLIS = 1e3;
  private static final double PERCENT = 100;
  private static final Duration LATE = Duration.ofSeconds(1);

  private static final List<String> COSTS =
      List.of(
          "load",
          "events/s median (min..max)",
          "stmts/event",
          "commits/event",
          "WAL B/event",
          "own CPU s/1000",
          "PostgreSQL CPU",
          "receiver CPU");

  /** A figure of the issue: a value a round, and what it must be. */
  private record Figure(
      String name, String unit, List<Double> rounds, double target, boolean most) {

    boolean isMet() {
      double median = Spread.of(rounds).median();
      return most ? median <= target : median >= target;
    }

    List<String> cells() {
      return List.of(
          name,
          range(rounds, "%,.2f"),
          "%s %,.0f%s".formatted(most ? "<=" : ">=", target, unit),
          isMet() ? "met" : "MISSED");
    }
  }

  /** Whether every event came exactly once, in every load and round. */
  public boolean isCorrect() {
    return delivered.stream().allMatch(Delivered::isCorrect)
        && bare.stream().allMatch(result -> result.lost() == 0);
  }

  /** The tables with their headings and footnotes. */
  public String text() {
    return """
    Deliveries to a loopback receiver in a process of its own; %d round(s), everything in turn in each; PostgreSQL %s
    (fsync and synchronous_commit on), %d processors shared by server, sender and receiver.
    Everything on: stored, encrypted endpoints, signature v1, traffic control, attempts log, next year's event.

    %s
    %s
    Median of the rounds (min..max). Sustained: %,d overdue events to one endpoint, up to the last durable commit; bare: Apache
    HttpClient 5, minimal, keep-alive, same payload and headers, the best of 1, 16 and 64 virtual threads of the round.
    Distant: the same with a receiver that answers after %d ms, and as many bare threads as an endpoint may have messages under way.
    Steady: %,d events a second, planned ahead, due to first byte at the receiver. Spike: ten times as many for %d s; from
    the end of the spike to the last event that was a second late. Hanging: %,d events to each of nine endpoints, alone and beside
    a tenth of %,d that never answers (time-out %d s); ten: beside a tenth that does.

    %d duplicates, %d lost, %d not in the log or not followed by next year's: %s
    """
        .formatted(
            rounds(),
            server,
            Runtime.getRuntime().availableProcessors(),
            figureTable(),
            costTable(),
            sizes.backlog(),
            LoopbackReceiver.DELAY.toMillis(),
            Sizes.RATE,
            sizes.spike().toSeconds(),
            sizes.each(),
            sizes.each(),
            Load.TIMEOUT.toSeconds(),
            delivered.stream().mapToLong(each -> each.arrivals().duplicates()).sum(),
            delivered.stream().mapToLong(each -> each.arrivals().lost()).sum(),
            delivered.stream().mapToLong(Delivered::unrecorded).sum(),
            isCorrect() ? "correct" : "NOT CORRECT");
  }

  /** Which statements took the database server's time, in the last round of each load. */
  public Map<String, List<StatementCost>> costliest() {
    Map<String, List<StatementCost>> byLoad = new LinkedHashMap<>();
    delivered.forEach(each -> byLoad.put(each.load().name(), each.costliest()));
    return byLoad;
  }

  private String figureTable() {
    List<String> headers = List.of("figure", "median (min..max)", "target", "");
    return new Table(headers, figures().stream().map(Figure::cells).toList()).text();
  }

  private List<Figure> figures() {
    List<Double> nine = values("nine", Delivered::arrivedPerSecond);
    List<Double> hanging = values("hanging", Delivered::arrivedPerSecond);
    List<Double> ten =
        values("ten", each -> each.arrivedPerSecond() * (Sizes.ENDPOINTS - 1) / Sizes.ENDPOINTS);
    return Stream.of(
            least("sustained, deliveries/s", "", values("sustained", Delivered::perSecond), 2_000),
            least(
                "sustained, part of the bare client",
                " %",
                partOfBare("sustained", Answers.AT_ONCE),
                70),
            least(
                "distant, part of the bare client", " %", partOfBare("distant", Answers.LATE), 70),
            most("steady, p50 ms", "", lags("steady", HALF), 1_000),
            most("steady, p99 ms", "", lags("steady", P99), 1_000),
            most("steady, most ms", "", lags("steady", 1), 1_000),
            most("spike, s until less than 1 s late", "", values("spike", this::recovery), 60),
            most("hanging, loss of the other nine", " %", losses(nine, hanging), 5),
            most("hanging, loss against ten that answer", " %", losses(ten, hanging), 5),
            most("sustained, statements/delivery", "", statements("sustained"), 1),
            most("steady, statements/delivery", "", statements("steady"), 1))
        .filter(figure -> !figure.rounds().isEmpty())
        .toList();
  }

  private List<Double> statements(String load) {
    return values(load, each -> each.measured().statementsPerEvent());
  }

  private List<Double> lags(String load, double share) {
    return values(load, each -> each.arrivals().lags().percentile(share));
  }

  private List<Double> partOfBare(String load, Answers answers) {
    List<Double> mine = values(load, Delivered::perSecond);
    return perRound(mine, round -> mine.get(round) / bestBare(answers, round + 1) * PERCENT);
  }

  private List<Double> losses(List<Double> without, List<Double> with) {
    List<Double> both = with.size() == without.size() ? with : List.of();
    return perRound(both, round -> (1 - with.get(round) / without.get(round)) * PERCENT);
  }

  private double recovery(Delivered spike) {
    Instant first =
        spike.arrivals().planned().due().values().stream().min(Instant::compareTo).orElseThrow();
    Instant end = first.plus(sizes.before()).plus(sizes.spike());
    Instant recovered = spike.arrivals().lastAsLateAs(LATE, end);
    return Math.max(0, Duration.between(end, recovered).toMillis() / MILLIS);
  }

  private double bestBare(Answers answers, int round) {
    return bare.stream()
        .filter(result -> result.round() == round && result.answers() == answers)
        .mapToDouble(BareLoop.Result::perSecond)
        .max()
        .orElseThrow();
  }

  private String costTable() {
    List<List<String>> rows = new ArrayList<>();
    bare.stream().map(BareLoop.Result::threads).distinct().map(this::bareRow).forEach(rows::add);
    delivered.stream().map(each -> each.load().name()).distinct().map(this::row).forEach(rows::add);
    return new Table(COSTS, rows).text();
  }

  private List<String> bareRow(int threads) {
    List<BareLoop.Result> results =
        bare.stream().filter(result -> result.threads() == threads).toList();
    return List.of(
        "bare, %d threads".formatted(threads),
        range(results.stream().map(BareLoop.Result::perSecond).toList(), "%,.0f"),
        "",
        "",
        "",
        "%.3f"
            .formatted(
                Spread.of(results.stream().map(BareLoop.Result::clientCpu).toList()).median()),
        "",
        "%.3f"
            .formatted(
                Spread.of(results.stream().map(BareLoop.Result::receiverCpu).toList()).median()));
  }

  private List<String> row(String load) {
    return List.of(
        load,
        range(values(load, Delivered::arrivedPerSecond), "%,.0f"),
        median(load, "%.3f", Measurement::statementsPerEvent),
        median(load, "%.4f", Measurement::commitsPerEvent),
        median(load, "%,.0f", Measurement::recordBytesPerEvent),
        median(load, "%.3f", Measurement::clientCpuPerThousand),
        median(load, "%.3f", measured -> measured.serverCpuPerThousand().orElse(Double.NaN)),
        "%.3f".formatted(Spread.of(values(load, Delivered::receiverCpuPerThousand)).median()));
  }

  private String median(String load, String format, ToDoubleFunction<Measurement> value) {
    return format.formatted(
        Spread.of(values(load, each -> value.applyAsDouble(each.measured()))).median());
  }

  private List<Double> values(String load, ToDoubleFunction<Delivered> value) {
    return delivered.stream()
        .filter(each -> each.load().name().equals(load))
        .map(value::applyAsDouble)
        .toList();
  }

  // A value for each value of others, from 0.
  private static List<Double> perRound(List<Double> others, IntToDoubleFunction value) {
    return IntStream.range(0, others.size()).mapToDouble(value).boxed().toList();
  }

  private int rounds() {
    return bare.stream().mapToInt(BareLoop.Result::round).max().orElse(0);
  }

  private static Figure least(String name, String unit, List<Double> rounds, double target) {
    return new Figure(name, unit, rounds, target, false);
  }

  private static Figure most(String name, String unit, List<Double> rounds, double target) {
    return new Figure(name, unit, rounds, target, true);
  }

  private static String range(List<Double> values, String format) {
    Spread spread = Spread.of(values);
    return (format + " (" + format + ".." + format + ")")
        .formatted(spread.median(), spread.min(), spread.max());
  }
}
