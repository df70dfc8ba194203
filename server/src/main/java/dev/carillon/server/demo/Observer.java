package dev.carillon.server.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Receives the demo's webhooks, fails some of them on purpose, and counts: everything that the demo
 * reports of deliveries was seen here, not claimed by the engine. Safe for use by many threads.
 */
final class Observer {

  /** Of so many events one is answered "not found" until the receiver is mended. */
  static final int REJECT_EVERY = 1_000;

  /** Of so many events one is answered "unavailable" at its first attempt. */
  static final int UNAVAILABLE_EVERY = 40;

  /** Of so many events one is answered "too many requests", to come back after 30 s. */
  static final int BUSY_EVERY = 90;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LATE_HEADER = "carillon-late-seconds";

  private final Map<UUID, Expectation> expectations = new HashMap<>();
  private final Map<UUID, Integer> birthdays = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();
  private final Map<LocalTime, Integer> wallClock = new TreeMap<>();
  private boolean mended;
  private int late;
  private int lateUnexcused;
  private int retried;
  private int rejected;
  private int duplicates;
  private int unsigned;
  private int wrongDay;

  /**
   * A snapshot of the counts.
   *
   * @param late first sent late, and due while the engine was down
   * @param lateUnexcused first sent late without that excuse
   */
  record Counts(
      int delivered,
      int late,
      int lateUnexcused,
      int retried,
      int rejected,
      int duplicates,
      int unsigned,
      int wrongDay,
      Map<LocalTime, Integer> wallClock) {}

  synchronized void expect(UUID user, Expectation expectation) {
    expectations.put(user, expectation);
    birthdays.put(user, 0);
  }

  /** From now on nothing is failed on purpose. */
  synchronized void mend() {
    mended = true;
  }

  synchronized Answer receive(Delivery delivery) {
    if (!delivery.signed()) {
      unsigned++;
      return Answer.status(401);
    }
    UUID user = UUID.fromString(payload(delivery).path("data").path("user_id").asText());
    Expectation expectation = expectations.get(user);
    if (expectation == null) {
      unsigned++;
      return Answer.status(422);
    }
    if (delivery.number() == 1) {
      look(delivery, expectation);
    } else {
      retried++;
    }
    return answer(delivery, user);
  }

  synchronized int delivered() {
    return accepted.size();
  }

  synchronized Counts counts() {
    return new Counts(
        accepted.size(),
        late,
        lateUnexcused,
        retried,
        rejected,
        duplicates,
        unsigned,
        wrongDay,
        new TreeMap<>(wallClock));
  }

  /** How many users had another number of birthdays in the year than they may expect. */
  synchronized long usersWithWrongCount(int year) {
    return birthdays.entrySet().stream()
        .filter(entry -> entry.getValue() != expected(entry.getKey(), year))
        .count();
  }

  synchronized int expected(int year) {
    return expectations.keySet().stream().mapToInt(user -> expected(user, year)).sum();
  }

  private int expected(UUID user, int year) {
    Expectation expectation = expectations.get(user);
    return expectation != null && expectation.day(year).isPresent() ? 1 : 0;
  }

  private Answer answer(Delivery delivery, UUID user) {
    int draw = Math.floorMod(delivery.webhookId().hashCode(), REJECT_EVERY * 9);
    if (!mended && draw % REJECT_EVERY == 7) {
      rejected++;
      return Answer.status(404);
    }
    if (!mended && delivery.number() == 1 && draw % UNAVAILABLE_EVERY == 3) {
      return Answer.status(503);
    }
    if (!mended && delivery.number() == 1 && draw % BUSY_EVERY == 5) {
      return Answer.status(429).withHeader("Retry-After", "30");
    }
    if (accepted.add(delivery.webhookId())) {
      birthdays.merge(user, 1, Integer::sum);
    } else {
      duplicates++;
    }
    return Answer.accepted();
  }

  /** Looks at the user's wall clock at the moment of the first attempt. */
  private void look(Delivery delivery, Expectation expectation) {
    JsonNode payload = payload(delivery);
    LocalDateTime shown = LocalDateTime.ofInstant(delivery.at(), expectation.zone());
    LocalDateTime nominal = LocalDateTime.parse(payload.path("data").path("local_time").asText());
    if (delivery.header(LATE_HEADER) == null) {
      wallClock.merge(shown.toLocalTime(), 1, Integer::sum);
    } else if (!mended && wasDueInDowntime(payload)) {
      late++;
    } else {
      lateUnexcused++;
    }
    LocalDate day = expectation.day(nominal.getYear()).orElse(LocalDate.MIN);
    boolean onTheDay = nominal.equals(day.atTime(Expectation.NINE));
    boolean notBefore = !shown.isBefore(nominal);
    if (!onTheDay || !notBefore) {
      wrongDay++;
    }
  }

  private static boolean wasDueInDowntime(JsonNode payload) {
    Instant due = Instant.parse(payload.path("timestamp").asText());
    return !due.isBefore(YearOfBirthdays.DOWN_FROM) && due.isBefore(YearOfBirthdays.DOWN_TO);
  }

  private static JsonNode payload(Delivery delivery) {
    try {
      return JSON.readTree(delivery.body());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a delivery is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
