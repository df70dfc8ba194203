package dev.carillon.store;

import dev.carillon.event.Event;
import dev.carillon.time.Occurrence;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What re-derivation needs of the tables. Every method is one transaction and may be repeated. */
public interface TimeZoneStore {

  /**
   * Pending events of one zone that were derived with one release.
   *
   * @param zone the zone
   * @param tzdbVersion the release
   */
  record Derived(ZoneId zone, String tzdbVersion) {}

  /**
   * A pending event's new instant.
   *
   * @param event the event as it was read
   * @param to what it is derived to now
   */
  record Move(Event event, Occurrence to) {}

  /** Which zones have pending events that were derived with an older release than this one. */
  List<Derived> derivedBefore(String tzdbVersion);

  /** Remembers what a release says of zones; known entries stay. */
  void saveFingerprints(String tzdbVersion, Map<ZoneId, String> fingerprints);

  /** What a release said of a zone; empty if it was never saved. */
  Optional<String> fingerprint(Derived derived);

  /**
   * A page of pending events, in id order.
   *
   * @param after the last id of the page before; null for the first page
   */
  List<Event> pending(Derived derived, @Nullable UUID after, int limit);

  /**
   * Writes new instants and their release, and an audit row for each event that moved. Events that
   * were claimed, settled or moved since they were read are left alone.
   *
   * @return how many events' instants changed
   */
  int move(List<Move> moves);
}
