package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.schedule.Timing;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next nominal times of a rule as JSON.
 *
 * @param ends whether nothing follows after these
 */
@JsonNaming(SnakeCaseStrategy.class)
record PreviewView(String expression, String zone, List<TimeView> next, boolean ends) {

  /**
   * A nominal time.
   *
   * @param at when it is
   * @param local what the rule says
   * @param note what the zone does to it, in words; null where it comes exactly once
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record TimeView(Instant at, String local, @Nullable String note) {}

  static PreviewView of(Timing timing, List<Occurrence> next, int count) {
    WallClock clock = new WallClock(TimeZones.ofJvm(), timing.gap(), timing.overlap());
    return new PreviewView(
        timing.expression().text(),
        timing.zone().getId(),
        next.stream()
            .map(each ->
                new TimeView(
                    each.instant(),
                    each.local().toString(),
                    clock.note(each.local(), timing.zone())))
            .toList(),
        next.size() < count);
  }
}
