package dev.carillon.server.demo.refresh;

import dev.carillon.refresh.drain.Asked;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Progress;
import dev.carillon.refresh.request.Priority;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says how far the demo is: a line each second. Safe for use by many threads. */
final class RefreshProgress {

  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final long start = System.nanoTime();
  private final Map<Integer, Progress> latest = new TreeMap<>();

  RefreshProgress(PrintStream out) {
    this.out = out;
  }

  synchronized void asked(Priority priority, int clans, Asked asked) {
    say(
        "asked for %d clans (%s): %d queued, %d raised, %d kept"
            .formatted(
                clans,
                priority.name().toLowerCase(Locale.ROOT),
                asked.queued(),
                asked.raised(),
                asked.kept()));
  }

  /** Hears of a drain; the first one's word begins the line of all. */
  synchronized void draining(int number, Progress now) {
    latest.put(number, now);
    if (number > 0) {
      return;
    }
    long processed = latest.values().stream().mapToLong(Progress::processed).sum();
    long failed = latest.values().stream().mapToLong(Progress::failed).sum();
    double rate = latest.values().stream().mapToDouble(Progress::callsPerSecond).sum();
    String pause = now.pause() == null ? "" : ", paused: " + now.pause();
    say(
        String.format(
            Locale.ROOT,
            "%d clans done, %d of them failed, %.1f calls/s%s",
            processed,
            failed,
            rate,
            pause));
  }

  synchronized void ended(int number, DrainReport report) {
    say(
        "drain %d ended (%s): %d clans done, %d calls, %d given back"
            .formatted(
                number + 1,
                report.ended().name().toLowerCase(Locale.ROOT),
                report.processed(),
                report.calls(),
                report.givenBack()));
    latest.remove(number);
  }

  /** Says something. */
  synchronized void say(String line) {
    out.println(
        String.format(
            Locale.ROOT, "%5.1f s  %s", (System.nanoTime() - start) / NANOS_PER_SECOND, line));
  }
}
