package dev.carillon.bench.drain;

import dev.carillon.bench.database.BenchDatabase.Counters;
import dev.carillon.bench.database.BenchDatabase.Log;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * One contender's drain of one database.
 *
 * @param contender which
 * @param round its number, from 1
 * @param events how many were loaded, and are done
 * @param performed how often the handler was called: more than {@code events} is a duplicate
 * @param from what was counted when the worker began
 * @param to what was counted when the last event was durably done
 * @param log what was written to the log meanwhile
 * @param deadTuples what was left to vacuum
 */
public record Measurement(
    String contender,
    int round,
    int events,
    long performed,
    Counters from,
    Counters to,
    Log log,
    long deadTuples) {

  private static final double THOUSAND = 1000;

  /** Events durably done a second. */
  public double eventsPerSecond() {
    return events / seconds();
  }

  /** How long it took. */
  public double seconds() {
    return Duration.ofNanos(to.nanos() - from.nanos()).toNanos()
        / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** Statements an event, without transaction control. */
  public double statementsPerEvent() {
    return perEvent(to.statements() - from.statements());
  }

  /** Writing transactions an event. */
  public double commitsPerEvent() {
    return perEvent(log.commits());
  }

  /** Log bytes an event, without page images. */
  public double recordBytesPerEvent() {
    return perEvent(log.recordBytes());
  }

  /** Log bytes an event, with the page images that the checkpoint before the start causes. */
  public double logBytesPerEvent() {
    return perEvent(log.recordBytes() + log.pageImageBytes());
  }

  /** Processor seconds of the server for a thousand events; empty if unknown. */
  public OptionalDouble serverCpuPerThousand() {
    if (from.serverCpu().isEmpty() || to.serverCpu().isEmpty()) {
      return OptionalDouble.empty();
    }
    double used = to.serverCpu().getAsDouble() - from.serverCpu().getAsDouble();
    return OptionalDouble.of(perEvent(used * THOUSAND));
  }

  /** Processor seconds of the Java process for a thousand events. */
  public double clientCpuPerThousand() {
    return perEvent((to.clientCpu() - from.clientCpu()) * THOUSAND);
  }

  private double perEvent(double total) {
    return total / events;
  }

  private double perEvent(long total) {
    return total / (double) events;
  }
}
