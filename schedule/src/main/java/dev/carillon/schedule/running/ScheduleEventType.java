package dev.carillon.schedule.running;

import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.schedule.Schedule;
import java.util.Optional;

/** The events that schedules plan. None is followed by another: planners plan. */
public final class ScheduleEventType implements EventType {

  @Override
  public String name() {
    return Schedule.EVENT_TYPE;
  }

  @Override
  public String payload(Event event) {
    return event.data();
  }

  @Override
  public Optional<Event> next(Event event) {
    return Optional.empty();
  }
}
