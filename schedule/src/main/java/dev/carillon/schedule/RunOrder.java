package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.Event;
import dev.carillon.time.Occurrence;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * What a firing's event says: which schedule, which nominal time, and why.
 *
 * @param schedule which
 * @param revision of the definition that planned it
 * @param nominalAt the nominal time
 * @param nominalLocal the same on the schedule's wall clock
 * @param zone whose wall clock
 * @param kind why it was planned
 */
public record RunOrder(
    UUID schedule,
    long revision,
    Instant nominalAt,
    LocalDateTime nominalLocal,
    ZoneId zone,
    FiringKind kind) {

  private static final String INPUT = "input";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  public RunOrder {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(nominalAt, "nominalAt is null");
    requireNonNull(nominalLocal, "nominalLocal is null");
    requireNonNull(zone, "zone is null");
    requireNonNull(kind, "kind is null");
  }

  /** The order to run a schedule for a nominal time. */
  public static RunOrder of(Schedule schedule, Occurrence nominal, FiringKind kind) {
    return new RunOrder(
        schedule.id(),
        schedule.revision(),
        nominal.instant(),
        nominal.local(),
        nominal.zone(),
        kind);
  }

  /**
   * The event that carries the order. It does not move any more when the rules of its zone's clocks
   * change: it is planned moments before it is due.
   *
   * @param id the event's, and so the run's
   * @param key makes it the only one of its kind
   * @param due when it is to begin
   * @param tzdbVersion what the nominal time was derived with
   */
  public Event event(UUID id, String key, Instant due, String tzdbVersion) {
    LocalDateTime utc = LocalDateTime.ofInstant(due, ZoneOffset.UTC);
    Occurrence at = new Occurrence(utc, ZoneOffset.UTC, due, tzdbVersion);
    return new Event(id, schedule, Schedule.EVENT_TYPE, key, at, json(id));
  }

  /**
   * Reads the order of an event.
   *
   * @throws IllegalArgumentException if the event carries none
   */
  public static RunOrder read(Event event) {
    try {
      JsonNode data = MAPPER.readTree(event.data());
      return new RunOrder(
          UUID.fromString(data.path("schedule_id").asText()),
          data.path("revision").asLong(),
          Instant.parse(data.path("nominal_at").asText()),
          LocalDateTime.parse(data.path("nominal_local").asText()),
          ZoneId.of(data.path("time_zone").asText()),
          FiringKind.valueOf(data.path("kind").asText()));
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IllegalArgumentException("not the event of a schedule: " + event.id(), e);
    }
  }

  /**
   * The event with a template of its own, in place of its schedule's.
   *
   * @throws IllegalArgumentException if it is longer than an event's data may be
   */
  public static Event withInput(Event event, String input) {
    String data = data(event).put(INPUT, input).toString();
    return new Event(
        event.id(), event.subject(), event.type(), event.idempotencyKey(), event.at(), data);
  }

  /** The template that an event brings in place of its schedule's; empty if it brings none. */
  public static Optional<String> inputOf(Event event) {
    return Optional.ofNullable(data(event).path(INPUT).textValue());
  }

  private static ObjectNode data(Event event) {
    try {
      if (MAPPER.readTree(event.data()) instanceof ObjectNode data) {
        return data;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the event of a schedule: " + event.id(), e);
    }
    throw new IllegalArgumentException("not the event of a schedule: " + event.id());
  }

  private String json(UUID run) {
    return MAPPER
        .createObjectNode()
        .put("schedule_id", schedule.toString())
        .put("revision", revision)
        .put("nominal_at", nominalAt.toString())
        .put("nominal_local", nominalLocal.toString())
        .put("time_zone", zone.getId())
        .put("kind", kind.name())
        .put("run_id", run.toString())
        .toString();
  }
}
