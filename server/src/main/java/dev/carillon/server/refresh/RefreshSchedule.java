package dev.carillon.server.refresh;

import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.schedule.planning.Change;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.http.Json;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedule that drains a source: made where a source is set and there is none. Who changes or
 * pauses it has it that way for good; a deleted one is made again at the next start, so that a
 * source that is set is not forgotten.
 */
public final class RefreshSchedule {

  /** Its group; its name is the source's. */
  public static final String GROUP = "refresh";

  /** How often it drains. */
  static final String EXPRESSION = "rate(2 minutes)";

  private static final Logger LOG = LoggerFactory.getLogger(RefreshSchedule.class);

  private RefreshSchedule() {}

  /** Makes the schedule of a source unless it is there. */
  public static void require(Schedules schedules, String source) {
    if (schedules.find(GROUP, source).isPresent()) {
      return;
    }
    switch (schedules.create(definition(source))) {
      case Change.Done _ -> LOG.info("made the schedule {}/{}: {}", GROUP, source, EXPRESSION);
      case Change.NameTaken _ -> LOG.debug("another process made {}/{}", GROUP, source);
      case Change.NotFound _, Change.UnknownCalendar _, Change.Conflict _ ->
          LOG.warn("the schedule {}/{} cannot be made", GROUP, source);
    }
  }

  static Definition definition(String source) {
    if (!(Expression.parse(EXPRESSION) instanceof Parsed.Valid(Expression expression))) {
      throw new IllegalStateException(EXPRESSION + " is no expression");
    }
    return new Definition(
        GROUP,
        source,
        "Drains the refresh requests of %s. Made by the server: pause it rather than delete it."
            .formatted(source),
        List.of(),
        Timing.of(expression, ZoneId.of("UTC")),
        // With a full queue a drain takes longer than the pause: one that waits follows it at once.
        // The next firing is soon: a run that failed is not tried again.
        Policies.DEFAULT
            .withRunOverlap(RunOverlap.BUFFER_ONE)
            .withRetry(RetryPolicy.DEFAULT.withMaxAttempts(1)),
        new TargetChoice(
            RefreshScheduleTarget.KIND,
            Json.object().put(RefreshScheduleTarget.SOURCE, source),
            null));
  }
}
