package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandingTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final UserDetails MAY_5 = People.born("1990-05-05", "Europe/Berlin");
  private static final User MOVED = People.ada(People.in(MAY_5, "Asia/Tokyo"));
  private static final Event OF_2027 =
      People.BIRTHDAY.first(People.ada(MAY_5), NOW, UserEventType.NO_YEAR);

  @Test
  void aNewUserGetsTheFirstEvent() {
    assertThat(changed(Standing.NONE)).isInstanceOf(Standing.Added.class);
    assertThat(year(changed(Standing.NONE))).isEqualTo(2027);
  }

  @Test
  void anEventThatWasNotBegunIsMovedUnderItsId() {
    Standing.Change change = changed(new Standing(OF_2027, false, 2026));

    assertThat(change).isInstanceOf(Standing.Moved.class);
    assertThat(change.event().id()).isEqualTo(OF_2027.id());
    assertThat(change.event().at().zone()).isEqualTo(MOVED.details().timeZone());
    assertThat(year(change)).isEqualTo(2027);
  }

  @Test
  void anEventThatWasBegunIsLeftAloneAndTheNextIsAdded() {
    Standing.Change change = changed(new Standing(OF_2027, true, 2026));

    assertThat(change).isInstanceOf(Standing.Added.class);
    assertThat(change.event().id()).isNotEqualTo(OF_2027.id());
    assertThat(year(change)).isEqualTo(2028);
  }

  @Test
  void whereTheChainWasCutByHandItBeginsAgainAfterWhatWasUsed() {
    assertThat(year(changed(new Standing(null, false, 2030)))).isEqualTo(2031);
    assertThat(year(changed(new Standing(OF_2027, true, 2030)))).isEqualTo(2031);
  }

  private static Standing.Change changed(Standing standing) {
    return standing.changed(People.BIRTHDAY, MOVED, NOW);
  }

  private static int year(Standing.Change change) {
    return YearlyEventType.year(change.event());
  }
}
