package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.engine.Rederivation;
import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import dev.carillon.testkit.Events;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** British Columbia stopped changing its clocks with release 2026b; Paris did not. */
class RederivationTest {

  private static final ZoneId VANCOUVER = ZoneId.of("America/Vancouver");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
  private static final List<ZoneId> ZONES = List.of(VANCOUVER, PARIS);
  private static final LocalDateTime NINE = LocalDateTime.parse("2026-12-15T09:00");
  private static final Instant BEFORE = Instant.parse("2026-12-15T17:00:00Z");
  private static final Instant AFTER = Instant.parse("2026-12-15T16:00:00Z");
  private static final EventIds IDS = new EventIds(InstantSource.system());

  private static final WallClock OLD = WallClock.keeping(rules("2026a", Map.of()));
  private static final WallClock NEW =
      WallClock.keeping(rules("2026b", Map.of(VANCOUVER, ZoneRules.of(ZoneOffset.ofHours(-7)))));

  private final Database database = TestDatabases.migrated(TestDatabases.newestServer());
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final PostgresTimeZoneStore zones = new PostgresTimeZoneStore(database.jdbi());
  private final ProcessId process = store.join("test", Duration.ofMinutes(5));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void pendingEventsOfZonesWhoseRulesDifferMoveAndAreAudited() {
    Event vancouver = plan(VANCOUVER);
    Event paris = plan(PARIS);
    oldRelease();

    assertThat(newRelease()).isEqualTo(1);

    Occurrence moved = at(vancouver);
    assertThat(moved.instant()).isEqualTo(AFTER);
    assertThat(moved.local()).isEqualTo(NINE);
    assertThat(moved.tzdbVersion()).isEqualTo("2026b");
    assertThat(at(paris)).isEqualTo(paris.at());
    assertThat(audited()).containsExactly(vancouver.id());
    assertThat(store.exchange(process, List.of(), 9, BEFORE.minus(Duration.ofHours(10))).nextDue())
        .isEqualTo(at(paris).instant());
    assertThat(store.exchange(process, List.of(), 9, AFTER).claims())
        .extracting(claim -> claim.event().id())
        .containsExactly(paris.id(), vancouver.id());
  }

  @Test
  void aSecondPassMovesNothing() {
    Event event = plan(VANCOUVER);
    oldRelease();
    newRelease();

    assertThat(newRelease()).isZero();
    assertThat(audited()).containsExactly(event.id());
  }

  @Test
  void aProcessWithTheOldReleaseMovesNothingBack() {
    Event event = plan(VANCOUVER);
    oldRelease();
    newRelease();

    assertThat(oldRelease()).isZero();
    assertThat(at(event).instant()).isEqualTo(AFTER);
  }

  @Test
  void eventsAreMovedEvenIfNobodyRememberedTheOldReleasesRules() {
    Event event = plan(VANCOUVER);
    Event paris = plan(PARIS);

    assertThat(newRelease()).isEqualTo(1);
    assertThat(at(event).instant()).isEqualTo(AFTER);
    assertThat(at(paris).instant()).isEqualTo(paris.at().instant());
  }

  @Test
  void manyPagesOfEventsMoveOnceEach() {
    for (int i = 0; i < 1_100; i++) {
      plan(VANCOUVER);
    }
    oldRelease();

    assertThat(newRelease()).isEqualTo(1_100);
    assertThat(audited()).hasSize(1_100).doesNotHaveDuplicates();
  }

  @Test
  void anEventThatMovesIntoThePastIsDueAtOnce() {
    plan(VANCOUVER);
    oldRelease();
    Instant between = AFTER.plusSeconds(60);
    assertThat(store.exchange(process, List.of(), 9, between).claims()).isEmpty();

    newRelease();

    assertThat(store.exchange(process, List.of(), 9, between).claims()).hasSize(1);
  }

  @Test
  void whatIsInFlightOrWaitsForARetryKeepsItsTime() {
    Event retried = plan(VANCOUVER);
    Event claimed = plan(VANCOUVER);
    oldRelease();
    var claims = store.exchange(process, List.of(), 9, BEFORE).claims();
    Instant retryAt = BEFORE.plusSeconds(60);
    var claim =
        claims.stream().filter(c -> c.event().id().equals(retried.id())).findFirst().orElseThrow();
    store.exchange(
        process, List.of(new Transition.Retried(claim, BEFORE, "HTTP 503", retryAt)), 0, BEFORE);

    newRelease();

    assertThat(at(claimed)).isEqualTo(claimed.at());
    assertThat(store.exchange(process, List.of(), 9, BEFORE).nextDue()).isEqualTo(retryAt);
  }

  @Test
  void aDeliveredEventNeverComesBack() {
    plan(VANCOUVER);
    oldRelease();
    var claim = store.exchange(process, List.of(), 9, BEFORE).claims().getFirst();
    store.exchange(
        process, List.of(new Transition.Completed(claim, BEFORE, Optional.empty())), 0, BEFORE);

    assertThat(newRelease()).isZero();
    assertThat(store.exchange(process, List.of(), 9, BEFORE).claims()).isEmpty();
  }

  private int oldRelease() {
    return new Rederivation(zones, OLD).run(ZONES);
  }

  private int newRelease() {
    return new Rederivation(zones, NEW).run(ZONES);
  }

  private Event plan(ZoneId zone) {
    UUID id = IDS.next();
    Occurrence at = OLD.at(NINE, zone).orElseThrow();
    Event event = new Event(id, UUID.randomUUID(), Events.TYPE, "key:" + id, at, "{}");
    store.plan(List.of(event));
    return event;
  }

  private Occurrence at(Event event) {
    return store.find(event.id()).orElseThrow().event().at();
  }

  private List<UUID> audited() {
    return database
        .jdbi()
        .withHandle(h -> h.createQuery("SELECT event_id FROM event_move").mapTo(UUID.class).list());
  }

  private static TimeZones rules(String version, Map<ZoneId, ZoneRules> changed) {
    return new TimeZones() {
      @Override
      public String version() {
        return version;
      }

      @Override
      public ZoneRules rules(ZoneId zone) {
        return changed.getOrDefault(zone, zone.getRules());
      }
    };
  }
}
