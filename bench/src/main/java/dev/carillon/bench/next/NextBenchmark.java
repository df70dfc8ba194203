package dev.carillon.bench.next;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One contender that finds the next time of one expression, from one random instant after another.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NextBenchmark {

  /** Who. */
  @Param public @Nullable Contender contender;

  /** The six fields. */
  @Param({""})
  public String fields = "";

  /** The zone's name. */
  @Param({""})
  public String zone = "";

  private @Nullable Asked<?> asked;

  private record Asked<T>(Evaluator<T> evaluator, List<T> starts) {

    static <T> Asked<T> of(Evaluator<T> evaluator) {
      return new Asked<>(evaluator, Case.starts().stream().map(evaluator::of).toList());
    }

    @Nullable T next(int start) {
      return evaluator.next(starts.get(start));
    }
  }

  /** Reads the expression. */
  @Setup
  public void read() {
    asked = Asked.of(requireNonNull(contender).evaluator(fields, ZoneId.of(zone)));
  }

  /** How far it is in the instants. */
  @State(Scope.Thread)
  public static class Position {
    private int start;

    int advance() {
      start = (start + 1) & (Case.STARTS - 1);
      return start;
    }
  }

  /** Finds one next time. */
  @Benchmark
  public @Nullable Object next(Position position) {
    return requireNonNull(asked).next(position.advance());
  }
}
