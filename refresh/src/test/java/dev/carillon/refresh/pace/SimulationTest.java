package dev.carillon.refresh.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The promise of {@link Booking}, over many thousands of slots and some bad days. */
class SimulationTest {

  private static final Duration TIME = Duration.ofMinutes(5);
  private static final Simulation.Load QUIET =
      Simulation.Load.of(micros(300), Duration.ofSeconds(20), micros(15_000), micros(2_000));
  private static final Simulation.Load BUSY =
      Simulation.Load.of(micros(2_000), Duration.ofSeconds(1), micros(120_000), micros(20_000));
  private static final Simulation.Load FAR =
      Simulation.Load.of(micros(300), Duration.ofSeconds(20), micros(15_000), micros(50_000));

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "1, 4", "1, 8", "2, 1", "2, 2", "2, 4", "3, 4"})
  void onQuietMachinesNearlyTheWholeLimitIsUsedAndNoSecondHasMore(long seed, int processes) {
    List<Long> departures = new Simulation(seed, processes, 30, QUIET).run(TIME);

    assertThat(closest(departures, 30)).isGreaterThan(Duration.ofSeconds(1).plusMillis(7));
    assertThat(share(departures, 30)).isGreaterThanOrEqualTo(0.98);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8", "5, 4", "6, 4", "7, 3"})
  void onBusyMachinesNoSecondHasMore(long seed, int processes) {
    List<Long> departures = new Simulation(seed, processes, 30, BUSY).run(TIME);

    assertThat(closest(departures, 30)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(share(departures, 30)).isGreaterThanOrEqualTo(0.7);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4"})
  void aStoreThatIsFarAwayCostsNoSlots(long seed, int processes) {
    Simulation simulation = new Simulation(seed, processes, 30, FAR);
    List<Long> departures = simulation.run(TIME);

    assertThat(closest(departures, 30)).isGreaterThan(Duration.ofSeconds(1).minusMillis(40));
    assertThat(share(departures, 30)).isGreaterThanOrEqualTo(0.98);
    assertThat(simulation.missed()).isLessThanOrEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 4", "5, 2", "200, 2", "1000, 4"})
  void itIsTrueOfOtherLimitsToo(int limit, int processes) {
    List<Long> departures = new Simulation(limit, processes, limit, QUIET).run(TIME.dividedBy(5));

    assertThat(closest(departures, limit)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(share(departures, limit)).isGreaterThanOrEqualTo(0.95);
  }

  /** The least time from a call to the one that must not be in the same second. */
  private static Duration closest(List<Long> departures, int limit) {
    long closest = Long.MAX_VALUE;
    for (int i = limit; i < departures.size(); i++) {
      closest = Math.min(closest, departures.get(i) - departures.get(i - limit));
    }
    return Duration.ofNanos(closest);
  }

  private static double share(List<Long> departures, int limit) {
    double seconds = (departures.getLast() - departures.getFirst()) / 1e9;
    return (departures.size() - 1) / seconds / limit;
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(1_000 * micros);
  }
}
