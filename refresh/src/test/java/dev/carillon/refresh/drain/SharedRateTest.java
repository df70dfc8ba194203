package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.source.Source;
import dev.carillon.testkit.clash.Arrival;
import dev.carillon.testkit.clash.FakeClash;
import dev.carillon.testkit.clash.GameWorld;
import dev.carillon.testkit.clash.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several drains on one store, and the rate as the other side sees it. */
@Timeout(120)
class SharedRateTest {

  private static final int LIMIT = 30;
  private static final int REQUESTS = 180;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** What the pace leaves to the way from here to there, of which this machine may take more. */
  private static final Duration WAY = Duration.ofMillis(8);

  private final Rig rig = Rig.postgres();
  private final FakeClash fake = FakeClash.start(Rig.CLOCK);
  private final String bearer = fake.key("by hand", "127.0.0.1").bearer();
  private final Map<String, Long> departures = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    fake.close();
    rig.close();
  }

  @Test
  void drainsThatOverlapShareTheWorkAndTheRate() throws Exception {
    enqueue();

    List<DrainReport> reports = drain(3);

    assertNoSecondHasMore();
    assertThat(fake.arrivals().count()).as("each once").isEqualTo(REQUESTS);
    assertThat(reports).allSatisfy(report -> assertThat(report.calls()).isPositive());
    assertThat(reports.stream().mapToLong(DrainReport::processed).sum()).isEqualTo(REQUESTS);
    assertThat(fake.arrivals().rate()).as("no drain waits for another").isGreaterThan(0.2 * LIMIT);
  }

  @Test
  void callsThatFailInAnyWayAreNotMadeFaster() throws Exception {
    fake.troubles(7, Map.of(Trouble.NOT_FOUND, 0.3, Trouble.ERROR, 0.3, Trouble.RESET, 0.3));
    enqueue();

    List<DrainReport> reports = drain(2);

    assertNoSecondHasMore();
    assertThat(reports.stream().mapToLong(DrainReport::failures).sum()).isPositive();
    assertThat(reports.stream().mapToLong(DrainReport::processed).sum()).isEqualTo(REQUESTS);
  }

  /**
   * As the calls left, without exception. As they arrived: but a call that this busy machine held
   * on its way, which no caller can know of, may make it one more.
   */
  private void assertNoSecondHasMore() {
    List<Long> left = departures.values().stream().sorted().toList();
    assertThat(left).hasSize(REQUESTS);
    assertThat(IntStream.range(LIMIT, REQUESTS).mapToLong(i -> left.get(i) - left.get(i - LIMIT)))
        .allSatisfy(apart -> assertThat(apart).isGreaterThanOrEqualTo(SECOND));
    long held =
        fake.arrivals().answered().stream()
            .filter(call -> call.nanos() - departure(call) > WAY.toNanos())
            .count();
    assertThat(fake.arrivals().mostInAnySecond()).isLessThanOrEqualTo(LIMIT + (int) held);
  }

  private long departure(Arrival call) {
    String tag = "#" + call.path().substring(call.path().indexOf("%23") + 3);
    return requireNonNull(departures.get(tag));
  }

  private void enqueue() {
    rig.queue.add(
        IntStream.range(0, REQUESTS)
            .mapToObj(i ->
                new RefreshRequest(
                    new RecordKey(ClashSource.NAME, "clan", GameWorld.clanTag(i)),
                    Priority.HIGH,
                    Rig.CLOCK.instant()))
            .toList());
  }

  private List<DrainReport> drain(int drains) throws Exception {
    List<Source> sources = new ArrayList<>();
    List<FutureTask<DrainReport>> running = new ArrayList<>();
    for (int i = 0; i < drains; i++) {
      Source source =
          new ClashSource(
              ClashSettings.of(new ClashAccess.Keys(List.of(bearer)))
                  .at(fake.apiUrl(), fake.portalUrl())
                  .withLimit(LIMIT),
              Rig.CLOCK);
      Source watched = new WatchedSource(source, departures);
      sources.add(watched);
      running.add(rig.draining(watched, new Stop()));
    }
    List<DrainReport> reports = new ArrayList<>();
    for (FutureTask<DrainReport> one : running) {
      reports.add(one.get());
    }
    sources.forEach(Source::close);
    return reports;
  }
}
