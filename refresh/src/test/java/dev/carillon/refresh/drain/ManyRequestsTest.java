package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.carillon.refresh.pace.Tempo;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ManyRequestsTest {

  private static final int REQUESTS = 20_000;
  private static final int COLLECTIONS = 3;

  /** With what compiling and collecting take, on a machine that has more to do. */
  private static final Duration MOST_CPU = Duration.ofMillis(4);

  private static final long MEBIBYTE = 1024 * 1024;

  private final Rig rig = Rig.postgres();
  private final TestSource source = Rig.source(Tempo.MAX_LIMIT);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void areDrainedInTheirOrderAndKeepNoMemory() {
    List<String> tags = rig.enqueue(REQUESTS);
    long before = used();
    long cpu = cpu();

    DrainReport report = rig.drained(source);
    Duration cpuEach = Duration.ofNanos((cpu() - cpu) / REQUESTS);

    assertThat(report.ended()).isEqualTo(Ended.EMPTY);
    assertThat(report.processed()).isEqualTo(REQUESTS);
    assertThat(cpuEach).as("processor time of this process for each").isLessThan(MOST_CPU);
    assertThat(used() - before).as("bytes kept").isLessThan(64 * MEBIBYTE);
    assertThat(rig.count("SELECT count(*) FROM stored WHERE times = 1")).isEqualTo(REQUESTS);
    Map<String, Integer> places = new HashMap<>();
    for (String tag : source.called) {
      places.put(tag, places.size());
    }
    for (int i = 0; i < tags.size(); i++) {
      assertThat(places.get(tags.get(i)))
          .as("threads that begin together may pass each other")
          .isBetween(i - CallsInHand.MOST, i + CallsInHand.MOST);
    }
  }

  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
