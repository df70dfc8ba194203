package dev.carillon.bench.next;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times every contender on every expression that it answers rightly, each in a Java process of its
 * own.
 *
 * @param rounds how often, the contenders in turn
 * @param progress hears what is going on
 */
public record NextTimes(int rounds, Consumer<String> progress) {

  /** JMH pads its fields with it. */
  private static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  private static final int WARM_UPS = 12;
  private static final int ITERATIONS = 20;
  private static final Duration ITERATION = Duration.ofMillis(50);

  /** Runs all. */
  public NextReport run() {
    List<NextReport.Row> rows = new ArrayList<>();
    for (Case one : Case.all()) {
      rows.add(row(one));
    }
    return new NextReport(rows);
  }

  private NextReport.Row row(Case one) {
    Map<Contender, Agreement> agreements = new EnumMap<>(Contender.class);
    Map<Contender, List<Double>> nanos = new EnumMap<>(Contender.class);
    for (Contender contender : Contender.values()) {
      Agreement agreement = Agreement.of(one, contender);
      agreements.put(contender, agreement);
      if (agreement.isTimed()) {
        nanos.put(contender, new ArrayList<>());
      }
    }
    for (int round = 1; round <= rounds; round++) {
      nanos.forEach((contender, all) -> all.addAll(nanos(one, contender)));
    }
    NextReport.Row row = new NextReport.Row(one, agreements, nanos);
    progress.accept(String.join("  ", row.cells()));
    return row;
  }

  private static List<Double> nanos(Case one, Contender contender) {
    Options options =
        new OptionsBuilder()
            .include(NextBenchmark.class.getName())
            .param("contender", contender.name())
            .param("fields", one.fields())
            .param("zone", one.zone().getId())
            .forks(1)
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.milliseconds(ITERATION.toMillis()))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(ITERATION.toMillis()))
            .jvmArgs("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", ALLOW_UNSAFE)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    try {
      return iterations(new Runner(options).run());
    } catch (RunnerException e) {
      throw new IllegalStateException("%s cannot be timed on %s".formatted(contender, one), e);
    }
  }

  private static List<Double> iterations(Collection<RunResult> results) {
    return results.stream()
        .flatMap(result -> result.getBenchmarkResults().stream())
        .flatMap(result -> StreamSupport.stream(result.getIterationResults().spliterator(), false))
        .map(result -> result.getPrimaryResult().getScore())
        .toList();
  }
}
