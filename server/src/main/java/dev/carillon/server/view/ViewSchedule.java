package dev.carillon.server.view;

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
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.RegisteredView;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedules that refresh views whole, each as often as its view says: made where a view is and
 * there is none. Who changes or pauses one has it that way for good; a deleted one is made again at
 * the next start.
 */
public final class ViewSchedule {

  /** Its group; its name is the view's. */
  public static final String GROUP = "views";

  /** The units that a rate has, the longest first. */
  private static final List<ChronoUnit> UNITS =
      List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS);

  private static final Logger LOG = LoggerFactory.getLogger(ViewSchedule.class);

  private ViewSchedule() {}

  /** Makes the schedule of a view unless it is there. */
  public static void require(Schedules schedules, RegisteredView view) {
    Definition definition = definition(view);
    if (schedules.find(definition.group(), definition.name()).isPresent()) {
      return;
    }
    switch (schedules.create(definition)) {
      case Change.Done _ ->
          LOG.info("made the schedule {}/{}: {}", GROUP, view.name(), rate(view.interval()));
      case Change.NameTaken _ -> LOG.debug("another process made {}/{}", GROUP, definition.name());
      case Change.NotFound _, Change.UnknownCalendar _, Change.Conflict _ ->
          LOG.warn("the schedule {}/{} cannot be made", GROUP, definition.name());
    }
  }

  /** Deletes the schedule of a view that is no more. */
  static void forget(Schedules schedules, ViewName view) {
    schedules.find(GROUP, view.text()).ifPresent(schedule -> schedules.delete(schedule.id()));
  }

  /** A rate in whole seconds at least, in the longest unit that it is a whole number of. */
  static String rate(Duration interval) {
    long seconds = Math.max(1, interval.toSeconds());
    ChronoUnit unit =
        UNITS.stream()
            .filter(one -> seconds % one.getDuration().toSeconds() == 0)
            .findFirst()
            .orElse(ChronoUnit.SECONDS);
    long number = seconds / unit.getDuration().toSeconds();
    String word = unit.name().toLowerCase(Locale.ROOT);
    return "rate(%d %s)"
        .formatted(number, number == 1 ? word.substring(0, word.length() - 1) : word);
  }

  static Definition definition(RegisteredView registered) {
    String view = registered.name().text();
    String rate = rate(registered.interval());
    if (!(Expression.parse(rate) instanceof Parsed.Valid(Expression expression))) {
      throw new IllegalStateException(rate + " is no expression");
    }
    return new Definition(
        GROUP,
        view,
        "Refreshes the view %s. Made by the server: pause it rather than delete it."
            .formatted(view),
        List.of(),
        Timing.of(expression, ZoneId.of("UTC")),
        // The next firing is soon: a run that failed is not tried again, and skips none meanwhile.
        Policies.DEFAULT
            .withRunOverlap(RunOverlap.SKIP)
            .withRetry(RetryPolicy.DEFAULT.withMaxAttempts(1)),
        new TargetChoice(
            ViewScheduleTarget.KIND, Json.object().put(ViewScheduleTarget.VIEW, view), null));
  }
}
