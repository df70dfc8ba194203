package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserEventTypeTest {

  @Test
  void aTypeInCodeIsOneSmallClass() {
    UserEventType shouting = new Shouting(People.BIRTHDAY);
    Event event =
        shouting.first(
            People.ada(People.born("1990-05-05", "Europe/Berlin")),
            Instant.parse("2026-06-01T00:00:00Z"),
            UserEventType.NO_YEAR);

    assertThat(shouting.payload(event)).contains("HEY, ADA LOVELACE");
    assertThat(shouting.next(event)).map(e -> e.at().local().getYear()).contains(2028);
  }

  private record Shouting(YearlyEventType yearly) implements UserEventType {
    @Override
    public String name() {
      return yearly.name();
    }

    @Override
    public String payload(Event event) {
      return yearly.payload(event).toUpperCase(Locale.ROOT);
    }

    @Override
    public Event first(User user, Instant now, int usedUpToYear) {
      return yearly.first(user, now, usedUpToYear);
    }

    @Override
    public Event changed(Event pending, User user, Instant now, int usedUpToYear) {
      return yearly.changed(pending, user, now, usedUpToYear);
    }

    @Override
    public Event after(Event inFlight, User user, Instant now) {
      return yearly.after(inFlight, user, now);
    }

    @Override
    public Optional<Event> next(Event event) {
      return yearly.next(event);
    }
  }
}
