package dev.carillon.bench;

import dev.carillon.bench.claim.ClaimLatency;
import dev.carillon.bench.claim.ClaimReport;
import dev.carillon.bench.database.BenchDatabase.StatementCost;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.deliver.Deliver;
import dev.carillon.bench.deliver.DeliverReport;
import dev.carillon.bench.drain.Contender;
import dev.carillon.bench.drain.Contenders;
import dev.carillon.bench.drain.Drain;
import dev.carillon.bench.drain.DrainReport;
import dev.carillon.bench.firings.Firings;
import dev.carillon.bench.firings.FiringsReport;
import dev.carillon.bench.firings.Pace;
import dev.carillon.bench.next.NextTimes;
import dev.carillon.bench.rate.Rate;
import dev.carillon.bench.rate.RateReport;
import dev.carillon.bench.refresh.RefreshLoad;
import dev.carillon.bench.report.Json;
import dev.carillon.bench.report.Table;
import dev.carillon.bench.schedules.ScheduleCost;
import dev.carillon.bench.views.Measurement;
import dev.carillon.bench.views.Sizes;
import dev.carillon.bench.views.ViewsLoad;
import dev.carillon.bench.views.ViewsReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks' command line: results on standard output, progress on standard error. */
@Command(
    name = "bench/run",
    description = "Measures Carillon and its peers on one embedded PostgreSQL server.",
    mixinStandardHelpOptions = true)
public final class Bench {

  private static final int WARM_UP_EVENTS = 5_000;

  private final PrintStream out;
  private final PrintStream progress;

  Bench(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new Bench(System.out, System.err));
    command.setExecutionExceptionHandler((failure, _, _) -> exitCode(failure));
    System.exit(command.execute(arguments));
  }

  // A wrong option is told in a line; anything else with all that is known.
  private static int exitCode(Exception failure) throws Exception {
    if (failure instanceof IllegalArgumentException) {
      System.err.println(failure.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    throw failure;
  }

  @Command(description = "How fast due events are drained, side by side with the peers.")
  int drain(
      @Option(names = "--events", defaultValue = "20000", description = "Events a round.")
          int events,
      @Option(names = "--rounds", defaultValue = "3", description = "Rounds a contender.")
          int rounds,
      @Option(names = "--only", split = ",", description = "Contenders, by name.")
          @Nullable List<String> only,
      @Option(names = "--json", description = "A file for the figures.") @Nullable Path json)
      throws InterruptedException {
    requirePositive("--events", events);
    requirePositive("--rounds", rounds);
    List<Contender> contenders = contenders(only);
    try (BenchServer server = BenchServer.start(false)) {
      warmUp(server, contenders);
      Drain drain = new Drain(server, events, progress::println);
      DrainReport report = new DrainReport(server.version(), drain.rounds(contenders, rounds));
      out.print(report.text());
      write(json, report);
    }
    return 0;
  }

  @Command(description = "What a claim costs, with and without far-future events.")
  int claim(
      @Option(names = "--far", defaultValue = "1000000", description = "Far-future events.")
          int far,
      @Option(names = "--samples", defaultValue = "400", description = "Claims timed.") int samples,
      @Option(names = "--json", description = "A file for the figures.") @Nullable Path json)
      throws InterruptedException {
    requirePositive("--far", far);
    requirePositive("--samples", samples);
    try (BenchServer server = BenchServer.start(false)) {
      ClaimReport report = new ClaimLatency(server, samples, far, progress::println).run();
      out.print(report.text());
      write(json, report);
    }
    return 0;
  }

  @Command(description = "Which statements of a drain take the server's time.")
  int statements(
      @Option(names = "--events", defaultValue = "20000", description = "Events a contender.")
          int events,
      @Option(names = "--only", split = ",", description = "Contenders, by name.")
          @Nullable List<String> only)
      throws InterruptedException {
    requirePositive("--events", events);
    List<Contender> contenders = contenders(only);
    try (BenchServer server = BenchServer.start(true)) {
      warmUp(server, contenders);
      Drain drain = new Drain(server, events, progress::println);
      for (Contender contender : contenders) {
        out.printf("%n%s: %,d events%n%n", contender.name(), events);
        out.print(text(drain.statements(contender)));
      }
    }
    return 0;
  }

  @Command(description = "How fast webhooks are delivered with everything on, and how late.")
  int deliver(
      @Option(names = "--rounds", defaultValue = "3", description = "Rounds of everything.")
          int rounds,
      @Option(names = "--quick", description = "A smoke run: little of everything, once.")
          boolean quick,
      @Option(names = "--only", split = ",", description = "Loads, by name.")
          @Nullable List<String> only,
      @Option(names = "--statements", description = "What each statement costs, which slows all.")
          boolean statements)
      throws InterruptedException {
    requirePositive("--rounds", rounds);
    try (BenchServer server = BenchServer.start(statements)) {
      DeliverReport report =
          new Deliver(server, quick, only == null ? List.of() : only, progress::println)
              .rounds(quick ? 1 : rounds);
      out.print(report.text());
      if (statements) {
        print(report.costliest());
      }
      return report.isCorrect() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Command(description = "How long the next time of a cron expression takes, beside the peers.")
  int next(
      @Option(names = "--rounds", defaultValue = "3", description = "Rounds of every contender.")
          int rounds) {
    requirePositive("--rounds", rounds);
    out.print(new NextTimes(rounds, progress::println).run().text());
    return CommandLine.ExitCode.OK;
  }

  @Command(description = "How late schedules fire, a thousand a second, and what a firing costs.")
  int firings(
      @Option(names = "--rounds", defaultValue = "1", description = "Rounds of every load.")
          int rounds,
      @Option(names = "--minutes", defaultValue = "1", description = "How long a load counts.")
          int minutes,
      @Option(names = "--only", split = ",", description = "Loads, by name.")
          @Nullable List<String> only,
      @Option(names = "--statements", description = "What each statement costs, which slows all.")
          boolean statements)
      throws InterruptedException {
    requirePositive("--rounds", rounds);
    requirePositive("--minutes", minutes);
    try (BenchServer server = BenchServer.start(statements)) {
      FiringsReport report =
          new Firings(server, Pace.of(Duration.ofMinutes(minutes)), progress::println)
              .rounds(only == null ? List.of() : only, rounds);
      out.print(report.text());
      if (statements) {
        print(report.costliest());
      }
      return report.isCorrect() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Command(description = "How near processes that share a limit of calls come to it, never above.")
  int rate(
      @Option(names = "--rounds", defaultValue = "3", description = "Rounds of every load.")
          int rounds,
      @Option(names = "--seconds", defaultValue = "30", description = "How long a load counts.")
          int seconds,
      @Option(names = "--only", split = ",", description = "Limiters, by name.")
          @Nullable List<String> only)
      throws InterruptedException {
    requirePositive("--rounds", rounds);
    requirePositive("--seconds", seconds);
    try (BenchServer server = BenchServer.start(false)) {
      RateReport report =
          new Rate(server, Duration.ofSeconds(seconds), progress::println)
              .rounds(only == null ? List.of() : only, rounds);
      out.print(report.text());
      return report.isCorrect() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Command(description = "What planning and claiming cost with few and with many schedules.")
  int schedules(
      @Option(names = "--many", defaultValue = "1000000", description = "Schedules of the second.")
          int many,
      @Option(names = "--samples", defaultValue = "1000", description = "Samples a round.")
          int samples,
      @Option(names = "--rounds", defaultValue = "3", description = "Rounds, in fresh databases.")
          int rounds)
      throws InterruptedException {
    requirePositive("--many", many);
    requirePositive("--samples", samples);
    requirePositive("--rounds", rounds);
    try (BenchServer server = BenchServer.start(false)) {
      out.print(new ScheduleCost(server, samples, many, progress::println).rounds(rounds).text());
    }
    return CommandLine.ExitCode.OK;
  }

  @Command(description = "What queueing and draining refresh requests cost, with few and many.")
  int refresh(
      @Option(names = "--many", defaultValue = "1000000", description = "Requests that wait.")
          int many,
      @Option(names = "--singles", defaultValue = "40000", description = "Added one by one.")
          int singles,
      @Option(names = "--samples", defaultValue = "1000", description = "Samples an operation.")
          int samples,
      @Option(names = "--seconds", defaultValue = "30", description = "How long a drain runs.")
          int seconds)
      throws InterruptedException {
    requirePositive("--seconds", seconds);
    RefreshLoad.Sizes sizes =
        new RefreshLoad.Sizes(many, singles, samples, Duration.ofSeconds(seconds));
    try (BenchServer server = BenchServer.start(false)) {
      out.print(new RefreshLoad(server, sizes, progress::println).run().text());
    }
    return CommandLine.ExitCode.OK;
  }

  @Command(description = "What fresh views cost: to read, to bring up to date, and to writers.")
  int views(
      @Mixin ViewsOptions options,
      @Option(names = "--only", split = ",", description = "Measurements, by name.")
          @Nullable List<String> only,
      @Option(names = "--json", description = "A file for the figures.") @Nullable Path json)
      throws InterruptedException {
    Set<Measurement> chosen = Measurement.named(only == null ? List.of() : only);
    Sizes sizes = options.sizes();
    try (BenchServer server = BenchServer.start(false)) {
      ViewsReport report =
          new ViewsLoad(server, sizes, options.server(), progress::println).run(chosen);
      out.print(report.text());
      write(json, report);
      return report.isCorrect() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  // The first thousands of events of each run on code that is not compiled yet.
  private void warmUp(BenchServer server, List<Contender> contenders) throws InterruptedException {
    Drain warmUp = new Drain(server, WARM_UP_EVENTS, line -> progress.println("warm-up: " + line));
    warmUp.rounds(contenders, 1);
  }

  private static List<Contender> contenders(@Nullable List<String> only) {
    return Contenders.named(only == null ? List.of() : only);
  }

  private void print(Map<String, List<StatementCost>> costliest) {
    costliest.forEach((load, costs) -> out.printf("%n%s%n%n%s", load, text(costs)));
  }

  private static String text(List<StatementCost> costs) {
    List<String> headers =
        List.of("statement", "calls", "rows", "executing ms", "planning ms", "WAL bytes");
    return new Table(headers, costs.stream().map(Bench::cells).toList()).text();
  }

  private static List<String> cells(StatementCost cost) {
    return List.of(
        cost.text(),
        "%,d".formatted(cost.calls()),
        "%,d".formatted(cost.rows()),
        "%,.1f".formatted(cost.executing()),
        "%,.1f".formatted(cost.planning()),
        "%,d".formatted(cost.walBytes()));
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s must be at least 1, not %d".formatted(option, value));
    }
  }

  private static void write(@Nullable Path json, Object figures) {
    if (json != null) {
      Json.write(json, figures);
    }
  }
}
