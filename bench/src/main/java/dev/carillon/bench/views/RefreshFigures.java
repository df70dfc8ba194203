package dev.carillon.bench.views;

import dev.carillon.bench.database.Meter;
import dev.carillon.bench.report.Table;
import java.util.List;

/**
 * What refreshes took.
 *
 * @param objects that were counted
 * @param concurrently with what the server does around them
 * @param plainly the statement alone, which readers wait for
 * @param mismatches objects that the view shows too much or too little in the end
 */
public record RefreshFigures(
    long objects, List<Meter.Spent> concurrently, List<Meter.Spent> plainly, long mismatches)
    implements Section {

  public RefreshFigures {
    concurrently = List.copyOf(concurrently);
    plainly = List.copyOf(plainly);
  }

  @Override
  public String text() {
    return "Refresh of job_progress with %,d objects (asked: <= 10 s at 10 million)%n%n"
            .formatted(objects)
        + new Table(
                List.of("refresh", "ms", "server CPU ms", "WAL bytes"),
                List.of(row("CONCURRENTLY", concurrently), row("plain", plainly)))
            .text();
  }

  @Override
  public boolean isCorrect() {
    return mismatches == 0;
  }

  private static List<String> row(String name, List<Meter.Spent> spent) {
    return List.of(
        name,
        Cells.range(spent, Meter.Spent::millis),
        Cells.range(spent, Meter.Spent::cpuMillis),
        Cells.median(spent, Meter.Spent::walBytes));
  }
}
