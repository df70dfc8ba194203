package dev.carillon.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.Event;
import dev.carillon.schedule.running.Run;
import dev.carillon.target.Attempt;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs for tests: of the schedule {@code books.close-day}, for nine o'clock in Paris on New Year's
 * Day of 2026.
 */
public final class Runs {

  public static final Instant NOMINAL = Instant.parse("2026-01-01T08:00:00Z");

  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private Runs() {}

  /** A first attempt, in time, at doing what these settings say. */
  public static Run of(String settings, @Nullable String input) {
    Schedule schedule = schedule(json(settings), input);
    return new Run(schedule, order(schedule, FiringKind.SCHEDULED), attempt(schedule, 1, 0), input);
  }

  /** The same run as it comes again. */
  public static Run again(Run run) {
    Attempt first = run.attempt();
    Attempt next =
        new Attempt(first.event(), first.number() + 1, first.startedAt(), first.payload());
    return new Run(run.schedule(), run.order(), next, run.input());
  }

  public static Schedule schedule(ObjectNode settings, @Nullable String input) {
    Definition plain = Definitions.of("close-day", "cron(0 9 * * ? *)", "Europe/Paris");
    Definition definition =
        new Definition(
            "books",
            plain.name(),
            "",
            List.of(),
            plain.timing(),
            plain.policies(),
            new TargetChoice("any", settings, input));
    return new Schedule(
        UUID.randomUUID(),
        definition,
        new Schedule.Standing(ScheduleState.ENABLED, "", NOMINAL),
        1,
        NOMINAL,
        NOMINAL,
        NOMINAL);
  }

  public static RunOrder order(Schedule schedule, FiringKind kind) {
    return RunOrder.of(schedule, nominal(), kind);
  }

  public static Attempt attempt(Schedule schedule, int number, long secondsLate) {
    Event event =
        order(schedule, FiringKind.SCHEDULED)
            .event(UUID.randomUUID(), "key:" + UUID.randomUUID(), NOMINAL, "2026a");
    return new Attempt(event, number, NOMINAL.plusSeconds(secondsLate), event.data());
  }

  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  public static ObjectNode noSettings() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Occurrence nominal() {
    return new Occurrence(LocalDateTime.ofInstant(NOMINAL, PARIS), PARIS, NOMINAL, "2026a");
  }
}
