package dev.carillon.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPageTest {

  @Test
  void theNameOfAnEventTypeIsTakenWhetherItIsKnownOrNot() {
    assertThat(EventPage.type("BIRTHDAY")).contains("BIRTHDAY");
    assertThat(EventPage.type("X_2")).contains("X_2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000", "BIRTHDAY\u0000", "birthday", "A B", "A\n", "\ud800"})
  void whatCannotBeTheNameOfOneIsRefused(String text) {
    assertThat(EventPage.type(text)).isEmpty();
  }
}
