package dev.carillon.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventTest {

  private static final UUID ID = new UUID(1, 2);
  private static final Occurrence AT =
      new Occurrence(
          LocalDateTime.parse("2026-03-01T09:00"),
          ZoneId.of("UTC"),
          Instant.parse("2026-03-01T09:00:00Z"),
          "2026a");

  @Test
  void theLongestTypeKeyAndDataAreAllowed() {
    Event event =
        new Event(
            ID,
            ID,
            "T".repeat(Event.MAX_TYPE_LENGTH),
            "k".repeat(Event.MAX_KEY_LENGTH),
            AT,
            "d".repeat(Event.MAX_DATA_LENGTH));

    assertThat(event.at()).isEqualTo(AT);
  }

  @Test
  void longerAndEmptyOnesAreRefusedByName() {
    assertThatThrownBy(() -> new Event(ID, ID, "T".repeat(65), "k", AT, "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type has 65 characters: from 1 to 64 are allowed");
    assertThatThrownBy(() -> new Event(ID, ID, "T", "k".repeat(201), AT, "{}"))
        .hasMessage("idempotencyKey has 201 characters: from 1 to 200 are allowed");
    assertThatThrownBy(() -> new Event(ID, ID, "T", "", AT, "{}"))
        .hasMessage("idempotencyKey has 0 characters: from 1 to 200 are allowed");
    assertThatThrownBy(() -> new Event(ID, ID, "T", "k", AT, "d".repeat(65_537)))
        .hasMessage("data has 65537 characters: from 1 to 65536 are allowed");
  }
}
