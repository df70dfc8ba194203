package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.memory.InMemoryEventStore;
import dev.carillon.memory.SettableClock;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two releases: in the second Vancouver no longer changes its clocks. */
class RederivationTest {

  private static final ZoneId VANCOUVER = ZoneId.of("America/Vancouver");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
  private static final LocalDateTime NINE = LocalDateTime.parse("2026-12-15T09:00");
  private static final Instant AFTER = Instant.parse("2026-12-15T16:00:00Z");
  private static final EventIds IDS = new EventIds(InstantSource.system());

  private final WallClock before = WallClock.keeping(release("2026a", Map.of()));
  private final WallClock after =
      WallClock.keeping(release("2026b", Map.of(VANCOUVER, ZoneRules.of(ZoneOffset.ofHours(-7)))));
  private final InMemoryEventStore store = new InMemoryEventStore(new SettableClock(NOW));

  @Test
  void onlyEventsOfZonesWhoseRulesDifferMove() {
    Event vancouver = plan(VANCOUVER);
    Event paris = plan(PARIS);
    run(before);

    assertThat(run(after)).isEqualTo(1);

    assertThat(at(vancouver).instant()).isEqualTo(AFTER);
    assertThat(at(vancouver).local()).isEqualTo(NINE);
    assertThat(at(paris)).isEqualTo(paris.at());
  }

  @Test
  void theSecondPassAndTheOlderReleaseMoveNothing() {
    Event vancouver = plan(VANCOUVER);
    run(before);
    run(after);

    assertThat(run(after)).isZero();
    assertThat(run(before)).isZero();
    assertThat(at(vancouver).tzdbVersion()).isEqualTo("2026b");
  }

  @Test
  void morePagesThanOneAreMoved() {
    int events = 2 * Rederivation.PAGE + 1;
    for (int i = 0; i < events; i++) {
      plan(VANCOUVER);
    }

    assertThat(run(after)).isEqualTo(events);
  }

  @Test
  void aZoneThatTheReleaseDoesNotKnowIsPassedOver() {
    WallClock unknowing =
        WallClock.keeping(
            new Release("2026c", Map.of()) {
              @Override
              public ZoneRules rules(ZoneId zone) {
                if (zone.equals(PARIS)) {
                  throw new ZoneRulesException("unknown");
                }
                return zone.getRules();
              }
            });

    assertThat(new Rederivation(store, unknowing).run(List.of(PARIS, VANCOUVER))).isZero();
  }

  private int run(WallClock clock) {
    return new Rederivation(store, clock).run(List.of(VANCOUVER, PARIS));
  }

  private Event plan(ZoneId zone) {
    UUID id = IDS.next();
    Occurrence at = before.at(NINE, zone).orElseThrow();
    Event event = new Event(id, UUID.randomUUID(), "DAILY", "key:" + id, at, "{}");
    store.plan(List.of(event));
    return event;
  }

  private Occurrence at(Event event) {
    return store.find(event.id()).orElseThrow().event().at();
  }

  private static TimeZones release(String version, Map<ZoneId, ZoneRules> changed) {
    return new Release(version, changed);
  }

  private static class Release implements TimeZones {

    private final String version;
    private final Map<ZoneId, ZoneRules> changed;

    Release(String version, Map<ZoneId, ZoneRules> changed) {
      this.version = version;
      this.changed = changed;
    }

    @Override
    public String version() {
      return version;
    }

    @Override
    public ZoneRules rules(ZoneId zone) {
      return changed.getOrDefault(zone, zone.getRules());
    }
  }
}
