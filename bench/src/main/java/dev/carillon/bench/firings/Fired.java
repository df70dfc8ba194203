package dev.carillon.bench.firings;

import dev.carillon.bench.database.BenchDatabase.StatementCost;
import dev.carillon.bench.drain.Measurement;
import dev.carillon.bench.report.Spread;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What became of one load.
 *
 * @param load that fired
 * @param measured what it cost
 * @param began what began of what was to begin
 * @param timer how late a bare timer was meanwhile, in milliseconds
 * @param costliest its statements, from the beginning of its database
 */
record Fired(
    FiringLoad load,
    Measurement measured,
    List<Began> began,
    Spread timer,
    List<StatementCost> costliest) {

  private static final double NANOS_PER_MILLI = 1e6;

  /** How late each began, in milliseconds. */
  Spread lateness() {
    return Spread.of(
        began.stream()
            .map(one -> Duration.between(one.nominal(), one.at()).toNanos() / NANOS_PER_MILLI)
            .toList());
  }

  long distinct() {
    return began.stream().map(Began::name).distinct().count();
  }

  /** How many did not begin. */
  long missed() {
    return measured.events() - distinct();
  }

  /** How many began again. */
  long doubled() {
    return began.size() - distinct();
  }

  /** Whether each began once. */
  boolean isCorrect() {
    return missed() == 0 && doubled() == 0;
  }

  List<String> cells() {
    Spread lateness = lateness();
    OptionalDouble serverCpu = measured.serverCpuPerThousand();
    return List.of(
        load.name(),
        "%,d".formatted(measured.events()),
        "%.1f".formatted(lateness.percentile(0.5)),
        "%.1f".formatted(lateness.percentile(0.99)),
        "%.1f".formatted(lateness.max()),
        "%.1f".formatted(timer.percentile(0.99)),
        "%,d".formatted(missed()),
        "%,d".formatted(doubled()),
        "%.3f".formatted(measured.statementsPerEvent()),
        "%.4f".formatted(measured.commitsPerEvent()),
        "%,.0f".formatted(measured.recordBytesPerEvent()),
        "%,.0f".formatted(measured.logBytesPerEvent()),
        serverCpu.isEmpty() ? "-" : "%.3f".formatted(serverCpu.getAsDouble()),
        "%.3f".formatted(measured.clientCpuPerThousand()));
  }
}
