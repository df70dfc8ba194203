package dev.carillon.bench.refresh;

import com.sun.management.OperatingSystemMXBean;
import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.drain.Drain;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Intake;
import dev.carillon.refresh.drain.Stop;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A drain of a queue that it does not empty, through a stand-in of the API in a process of its own.
 *
 * @param store where the queue is
 * @param clock the time
 */
record Draining(Store store, InstantSource clock) {

  private static final double MEBIBYTE = 1024 * 1024;
  private static final double NANOS_PER_MILLI = 1_000_000;

  /**
   * What a drain needed.
   *
   * @param calls how many it made
   * @param callsPerSecond how fast
   * @param cpuMillis processor time of this process for each call, in milliseconds
   * @param heapBefore what this process kept before, in MiB
   * @param heapAfter what it kept right after, in MiB
   * @param seen what the API saw
   */
  record Need(
      long calls,
      double callsPerSecond,
      double cpuMillis,
      double heapBefore,
      double heapAfter,
      String seen) {}

  Need run(Duration time) {
    try (ClashProcess api = ClashProcess.start((int) ClashSettings.MAX_LIMIT);
        ClashSource source = new ClashSource(settings(api), clock)) {
      Drain drain =
          new Drain(
              new Drain.Parts(
                  source,
                  store.queue(),
                  store.tempos(),
                  store.tables().jdbi(),
                  clock,
                  Intake.NONE));
      var _ = drain.run(DrainLimits.of(time.dividedBy(4)), new Stop(), _ -> {});
      api.clear();
      double before = used();
      long cpu = cpuNanos();
      DrainReport report = drain.run(DrainLimits.of(time), new Stop(), _ -> {});
      double cpuMillis = (cpuNanos() - cpu) / NANOS_PER_MILLI / Math.max(1, report.calls());
      return new Need(
          report.calls(), report.callsPerSecond(), cpuMillis, before, used(), api.seen());
    }
  }

  private static ClashSettings settings(ClashProcess api) {
    return ClashSettings.of(new ClashAccess.Keys(List.of(api.key())))
        .at(URI.create(api.url()), URI.create(api.portal()))
        .withLimit(ClashSettings.MAX_LIMIT);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static double used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE;
  }
}
