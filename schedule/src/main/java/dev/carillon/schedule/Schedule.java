package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * A rule for when, with a target.
 *
 * @param id names the schedule for ever
 * @param definition what people declared
 * @param standing whether it fires
 * @param revision 1 at first, one more with each change
 * @param anchor what rates count from where the definition has no start: its creation, or when its
 *     expression last changed
 * @param createdAt when it was created
 * @param updatedAt when it last changed
 */
public record Schedule(
    UUID id,
    Definition definition,
    Standing standing,
    long revision,
    Instant anchor,
    Instant createdAt,
    Instant updatedAt) {

  /** The type of the events that schedules plan. */
  public static final String EVENT_TYPE = "SCHEDULE";

  /**
   * The first four bits of a lane in which runs wait for earlier ones. Ids are UUIDs of version 7,
   * whose first bits are zero until the year 2527: lanes of schedules come after all others.
   */
  private static final long LANE_BITS = 0xF000_0000_0000_0000L;

  /**
   * Whether a schedule fires.
   *
   * @param state the answer
   * @param reason why, for people; empty if nobody said
   * @param since from when on
   */
  public record Standing(ScheduleState state, String reason, Instant since) {

    /** The longest reason that is kept, in characters. */
    public static final int MAX_REASON_LENGTH = 1_000;

    public Standing {
      requireNonNull(state, "state is null");
      requireNonNull(since, "since is null");
      if (reason.length() > MAX_REASON_LENGTH) {
        reason = reason.substring(0, MAX_REASON_LENGTH);
      }
    }
  }

  public Schedule {
    requireNonNull(id, "id is null");
    requireNonNull(definition, "definition is null");
    requireNonNull(standing, "standing is null");
    requireNonNull(anchor, "anchor is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(updatedAt, "updatedAt is null");
  }

  /** Whether it fires. */
  public boolean isEnabled() {
    return standing.state() == ScheduleState.ENABLED;
  }

  /** The next revision of it. */
  public Schedule revised(Instant now) {
    return new Schedule(id, definition, standing, revision + 1, anchor, createdAt, now);
  }

  /** The same with another definition, and counted from another instant. */
  public Schedule defined(Definition other, Instant countedFrom) {
    return new Schedule(id, other, standing, revision, countedFrom, createdAt, updatedAt);
  }

  /** The same in another state. */
  public Schedule standing(Standing other) {
    return new Schedule(id, definition, other, revision, anchor, createdAt, updatedAt);
  }

  /** Where runs of a schedule wait for earlier ones. */
  public static UUID lane(UUID schedule) {
    return new UUID(
        schedule.getMostSignificantBits() | LANE_BITS, schedule.getLeastSignificantBits());
  }
}
