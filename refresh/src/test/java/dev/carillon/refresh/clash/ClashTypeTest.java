package dev.carillon.refresh.clash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClashTypeTest {

  @ParameterizedTest
  @CsvSource({"war, CRITICAL", "clan, HIGH", "player, MEDIUM", "moon, MEDIUM"})
  void aWishThatSaysNoPriorityIsAsUrgentAsItsType(String type, Priority priority) {
    assertThat(ClashSource.URGENCY.of(new RecordKey(ClashSource.NAME, type, "#2PP")))
        .isEqualTo(priority);
  }
}
