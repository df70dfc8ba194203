package dev.carillon.engine;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.store.TimeZoneStore;
import dev.carillon.store.TimeZoneStore.Derived;
import dev.carillon.store.TimeZoneStore.Move;
import dev.carillon.time.WallClock;
import dev.carillon.time.ZoneFingerprint;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves pending events when governments change their clocks: those derived with an older time zone
 * database release, in zones whose rules differ, are derived anew from their wall-clock time. It
 * may be interrupted and repeated at any point, and may run in several processes at once: a process
 * with an older release than an event's leaves the event alone.
 *
 * @param store the events
 * @param wallClock derives with the release of this process
 */
public record Rederivation(TimeZoneStore store, WallClock wallClock) {

  /** How many events are derived in one transaction. */
  static final int PAGE = 500;

  /** Rules before this are history that no pending event needs. */
  static final Instant RULES_FROM = Instant.parse("2020-01-01T00:00:00Z");

  private static final Logger LOG = LoggerFactory.getLogger(Rederivation.class);

  public Rederivation {
    requireNonNull(store, "store is null");
    requireNonNull(wallClock, "wallClock is null");
  }

  /**
   * Brings all pending events up to this process's release.
   *
   * @param zones the zones that events may be in: their rules are remembered for the next release
   * @return how many events' instants changed
   */
  public int run(Iterable<ZoneId> zones) {
    String version = wallClock.zones().version();
    store.saveFingerprints(version, fingerprints(zones));
    int moved = 0;
    for (Derived derived : store.derivedBefore(version)) {
      if (!isUnchanged(derived)) {
        moved += rederive(derived);
      }
    }
    return moved;
  }

  /** Whether this process's release says of a zone what the one it was derived with says. */
  public boolean isUnchanged(Derived derived) {
    Optional<String> before = store.fingerprint(derived);
    return before.isPresent() && before.equals(fingerprint(derived.zone()));
  }

  private int rederive(Derived derived) {
    int moved = 0;
    @Nullable UUID after = null;
    List<Event> page;
    do {
      page = store.pending(derived, after, PAGE);
      if (!page.isEmpty()) {
        moved += store.move(page.stream().flatMap(this::move).toList());
        after = page.getLast().id();
      }
    } while (page.size() == PAGE);
    LOG.info(
        "{}: tzdata {} instead of {} moved {} pending events",
        derived.zone(),
        wallClock.zones().version(),
        derived.tzdbVersion(),
        moved);
    return moved;
  }

  private Stream<Move> move(Event event) {
    return wallClock.at(event.at().local(), event.at().zone()).stream()
        .map(to -> new Move(event, to));
  }

  private Map<ZoneId, String> fingerprints(Iterable<ZoneId> zones) {
    Map<ZoneId, String> fingerprints = new LinkedHashMap<>();
    zones.forEach(zone -> fingerprint(zone).ifPresent(print -> fingerprints.put(zone, print)));
    return fingerprints;
  }

  private Optional<String> fingerprint(ZoneId zone) {
    try {
      return Optional.of(ZoneFingerprint.of(wallClock.zones().rules(zone), RULES_FROM));
    } catch (ZoneRulesException e) {
      return Optional.empty();
    }
  }
}
