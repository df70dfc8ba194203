package dev.carillon.event;

import static dev.carillon.event.EventStatus.CANCELLED;
import static dev.carillon.event.EventStatus.COMPLETED;
import static dev.carillon.event.EventStatus.FAILED;
import static dev.carillon.event.EventStatus.PENDING;
import static dev.carillon.event.EventStatus.PROCESSING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventStatusTest {

  private static final Map<EventStatus, Set<EventStatus>> LEGAL =
      Map.of(
          PENDING, Set.of(PROCESSING, CANCELLED),
          PROCESSING, Set.of(PENDING, COMPLETED, FAILED, CANCELLED),
          COMPLETED, Set.of(),
          FAILED, Set.of(PENDING, CANCELLED),
          CANCELLED, Set.of());

  @Test
  void theseAreTheLegalMovesAndNoOthers() {
    for (EventStatus from : EventStatus.values()) {
      for (EventStatus to : EventStatus.values()) {
        assertThat(from.next().contains(to))
            .as("%s -> %s", from, to)
            .isEqualTo(LEGAL.getOrDefault(from, Set.of()).contains(to));
      }
    }
  }

  @Test
  void doneFailedAndCancelledAreFinal() {
    assertThat(Arrays.stream(EventStatus.values()).filter(EventStatus::isFinal))
        .containsExactly(COMPLETED, FAILED, CANCELLED);
  }
}
