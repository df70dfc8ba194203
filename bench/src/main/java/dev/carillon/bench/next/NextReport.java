package dev.carillon.bench.next;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What the next time of cron expressions takes.
 *
 * @param rows one an expression and zone
 */
public record NextReport(List<Row> rows) {

  private static final String NONE = "-";

  /**
   * One expression in one zone.
   *
   * @param one which
   * @param agreements how far each contender answers as Carillon does
   * @param nanos an average an iteration, of those that are timed
   */
  record Row(Case one, Map<Contender, Agreement> agreements, Map<Contender, List<Double>> nanos) {

    /** The median of the iterations; empty for one that is not timed. */
    OptionalDouble median(Contender contender) {
      List<Double> values = nanos.get(contender);
      return values == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(Spread.of(values).median());
    }

    double ours() {
      return median(Contender.CARILLON).orElseThrow();
    }

    /** By how much Carillon is faster than the fastest peer; empty if no peer can do it. */
    OptionalDouble ratio() {
      return Arrays.stream(Contender.values())
          .filter(contender -> contender != Contender.CARILLON)
          .flatMapToDouble(contender -> median(contender).stream())
          .map(peer -> peer / ours())
          .min();
    }

    List<String> cells() {
      List<String> cells = new ArrayList<>(List.of(one.fields(), one.zone().getId()));
      for (Contender contender : Contender.values()) {
        OptionalDouble median = median(contender);
        Agreement agreement = agreements.get(contender);
        String mark = agreement == null || agreement.differing() == 0 ? "" : "*";
        cells.add(median.isEmpty() ? NONE : "%,.0f%s".formatted(median.getAsDouble(), mark));
      }
      OptionalDouble ratio = ratio();
      cells.add(ratio.isEmpty() ? NONE : "%.1f".formatted(ratio.getAsDouble()));
      return cells;
    }

    Stream<String> differences() {
      return agreements.entrySet().stream()
          .filter(entry -> entry.getValue().differing() > 0)
          .map(entry ->
              "  %s in %s, %s, %d of %d: %s%n"
                  .formatted(
                      one.fields(),
                      one.zone(),
                      entry.getKey().label(),
                      entry.getValue().differing(),
                      Case.STARTS,
                      entry.getValue().example()));
    }
  }

  /** The table with its heading and footnotes. */
  public String text() {
    List<String> headers = new ArrayList<>(List.of("cron", "zone"));
    Stream.of(Contender.values()).map(Contender::label).forEach(headers::add);
    headers.add("best peer / Carillon");
    String differences = String.join("", rows.stream().flatMap(Row::differences).toList());
    return """
    Nanoseconds to find the next time, from %,d random instants of 2026 in turn (JMH, single thread, a fresh
    JVM each, the median of the iterations' averages). Everyone answers in types of its own; the expression
    is read before. - cannot read it, or answers otherwise for more than 1%% of the instants; * for fewer.

    %s
    Slowest of Carillon: %,.0f ns. Least ratio to the best peer: %s.

    Who answers otherwise, for how many instants, and an example:
    %s\
    """
        .formatted(
            Case.STARTS,
            new Table(headers, rows.stream().map(Row::cells).toList()).text(),
            rows.stream().mapToDouble(Row::ours).max().orElseThrow(),
            leastRatio(),
            differences);
  }

  private String leastRatio() {
    OptionalDouble least = rows.stream().flatMapToDouble(row -> row.ratio().stream()).min();
    return least.isEmpty() ? NONE : "%.1f".formatted(least.getAsDouble());
  }
}
