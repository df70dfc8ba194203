package dev.carillon.refresh.clash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A clan's current war, as far as it matters when to look again. Pure.
 *
 * @param state what the API calls it
 * @param preparationStart when its preparation began, which tells a clan's wars apart; null if
 *     there is no war
 * @param start when the battle begins; null if there is no war
 * @param end when the battle ends; null if there is no war
 */
record War(
    String state,
    @Nullable Instant preparationStart,
    @Nullable Instant start,
    @Nullable Instant end) {

  static final String NOT_IN_WAR = "notInWar";
  static final String PREPARATION = "preparation";
  static final String IN_WAR = "inWar";
  static final String ENDED = "warEnded";

  /** How long before the end the last look at the battle is. */
  static final Duration LAST_LOOK = Duration.ofMinutes(5);

  /** How long after the end the result is looked at. */
  static final Duration RESULT_LOOK = Duration.ofMinutes(1);

  /** For how long after its end a war is looked at that the API still says is fought. */
  static final Duration GIVEN_UP = Duration.ofHours(1);

  private static final Pattern STATE = Pattern.compile("[A-Za-z_]{1,32}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss[.SSS]X");

  /** Whether there is one: it is prepared, fought or over, and no other has begun. */
  boolean isOne() {
    return preparationStart != null;
  }

  /** Reads the API's record; empty if it is none. */
  static Optional<War> read(JsonNode body) {
    String state = body.path("state").asText();
    if (!STATE.matcher(state).matches()) {
      return Optional.empty();
    }
    boolean one = state.equals(PREPARATION) || state.equals(IN_WAR) || state.equals(ENDED);
    if (!one) {
      return Optional.of(new War(state, null, null, null));
    }
    try {
      return Optional.of(
          new War(
              state,
              time(body, "preparationStartTime"),
              time(body, "startTime"),
              time(body, "endTime")));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /**
   * What follows from it: the clan is looked at as soon as can be, and the war again when its
   * battle begins, before it ends and once it is over, for its result is gone when the clan's next
   * war begins.
   */
  List<RefreshRequest> followUps(RecordKey key, Instant now, Instant freshUntil) {
    if (!isOne()) {
      return List.of();
    }
    List<RefreshRequest> requests = new ArrayList<>();
    RecordKey clan = new RecordKey(key.source(), ClashType.CLAN.word(), key.tag());
    requests.add(new RefreshRequest(clan, Priority.CRITICAL, now));
    nextLook(now)
        .map(look -> look.isBefore(freshUntil) ? freshUntil : look)
        .ifPresent(look -> requests.add(new RefreshRequest(key, Priority.CRITICAL, look)));
    return requests;
  }

  /** When to look at it again; empty if what was seen is the last of it. */
  Optional<Instant> nextLook(Instant now) {
    if (start == null || end == null || state.equals(ENDED)) {
      return Optional.empty();
    }
    Instant lastLook = end.minus(LAST_LOOK);
    Instant soon = now.plus(RESULT_LOOK);
    if (state.equals(PREPARATION) && now.isBefore(lastLook)) {
      return Optional.of(start.isAfter(soon) ? start : soon);
    }
    if (now.isBefore(lastLook)) {
      return Optional.of(lastLook);
    }
    if (now.isBefore(end.plus(GIVEN_UP))) {
      Instant result = end.plus(RESULT_LOOK);
      return Optional.of(result.isAfter(now) ? result : soon);
    }
    return Optional.empty();
  }

  private static Instant time(JsonNode body, String field) {
    return TIME.parse(body.path(field).asText(), Instant::from);
  }
}
