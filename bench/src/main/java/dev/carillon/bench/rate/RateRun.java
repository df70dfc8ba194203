package dev.carillon.bench.rate;

import java.util.List;

/**
 * How one load went.
 *
 * @param load who called
 * @param calls how many calls arrived
 * @param left the most that left in any sliding second
 * @param most the most that arrived in any sliding second, from the first call on
 * @param share what part of the limit was used after the warm-up
 * @param missed slots that were given up
 * @param late calls that left so late that slots were moved
 * @param cpuMillis processor time of all callers for each call after the warm-up
 */
record RateRun(
    RateLoad load,
    int calls,
    int left,
    int most,
    double share,
    long missed,
    long late,
    double cpuMillis) {

  private static final double PERCENT = 100;

  List<String> cells() {
    return List.of(
        load.limiter().word(),
        Integer.toString(load.processes()),
        "%,d".formatted(calls),
        Integer.toString(left),
        Integer.toString(most),
        "%.2f".formatted(PERCENT * share),
        Long.toString(missed),
        Long.toString(late),
        "%.2f".formatted(cpuMillis));
  }
}
