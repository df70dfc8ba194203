package dev.carillon.time;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * A time on a zone's wall clock, with the instant it was derived to.
 *
 * @param local the nominal wall-clock time: the truth, also where the zone skips it
 * @param zone the zone whose wall clock is meant
 * @param instant when that is, by the rules of {@code tzdbVersion}
 * @param tzdbVersion the time zone database release the instant was derived with
 */
public record Occurrence(LocalDateTime local, ZoneId zone, Instant instant, String tzdbVersion) {

  public Occurrence {
    requireNonNull(local, "local is null");
    requireNonNull(zone, "zone is null");
    requireNonNull(instant, "instant is null");
    requireNonNull(tzdbVersion, "tzdbVersion is null");
  }
}
