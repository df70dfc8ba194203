package dev.carillon.bench.deliver;

import dev.carillon.bench.database.BenchDatabase.StatementCost;
import dev.carillon.bench.drain.Measurement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A load that was delivered.
 *
 * @param load what it was
 * @param begun when the engine was started
 * @param measured from then until the last event was durably done
 * @param receiverCpu seconds of processor time of the receiver meanwhile
 * @param arrivals what came to the endpoints that answer
 * @param unrecorded how many events lack their entry in the attempts log or their next year's event
 * @param costliest the statements that took the database server the most time, setting up included
 */
record Delivered(
    Load load,
    Instant begun,
    Measurement measured,
    double receiverCpu,
    Arrivals arrivals,
    long unrecorded,
    List<StatementCost> costliest) {

  private static final double THOUSAND = 1000;
  private static final double MILLIS = 1e3;

  /** How many events had to arrive. */
  int count() {
    return arrivals.planned().count();
  }

  /** Events a second until the last was durably done. */
  double perSecond() {
    return measured.eventsPerSecond();
  }

  /** Events a second until the last had arrived at the receiver. */
  double arrivedPerSecond() {
    return count() * MILLIS / Duration.between(begun, arrivals.last()).toMillis();
  }

  /** Processor seconds of the receiver for a thousand events. */
  double receiverCpuPerThousand() {
    return receiverCpu * THOUSAND / count();
  }

  /** Whether everything came exactly once and was recorded. */
  boolean isCorrect() {
    return arrivals.lost() == 0 && arrivals.duplicates() == 0 && unrecorded == 0;
  }
}
