package dev.carillon.server.demo.view;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What was seen so far. Safe for use by many threads.
 *
 * @param refreshes how long they took
 * @param folds how long it took to fold the ledger
 * @param ages how old answers from the view that is refreshed were
 * @param cached reads from the view that is refreshed
 * @param ledger reads from the view that a ledger keeps
 * @param realTime counts
 * @param moved how many objects began or ended
 * @param compared how many answers were compared with a count
 * @param differences how many differed
 * @param backwards how many were behind an earlier one
 * @param left how many refreshes were left out or failed
 */
record Findings(
    Latencies refreshes,
    Latencies folds,
    Latencies ages,
    Latencies cached,
    Latencies ledger,
    Latencies realTime,
    AtomicLong moved,
    AtomicLong compared,
    AtomicLong differences,
    AtomicLong backwards,
    AtomicLong left) {

  Findings() {
    this(
        new Latencies(),
        new Latencies(),
        new Latencies(),
        new Latencies(),
        new Latencies(),
        new Latencies(),
        new AtomicLong(),
        new AtomicLong(),
        new AtomicLong(),
        new AtomicLong(),
        new AtomicLong());
  }

  void compared(boolean same) {
    compared.incrementAndGet();
    if (!same) {
      differences.incrementAndGet();
    }
  }
}
