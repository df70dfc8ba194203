package dev.carillon.server.event;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.event.Event;
import dev.carillon.postgres.EventOperations.Details;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An event as JSON: the columns of the {@code events} view. */
@JsonNaming(SnakeCaseStrategy.class)
public record EventView(
    UUID id,
    UUID userId,
    String eventType,
    @Schema(enumeration = {"PENDING", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"})
        String status,
    Instant targetTimestampUtc,
    String targetTimestampLocal,
    String targetTimezone,
    String tzdbVersion,
    @Nullable Instant executedAt,
    @Nullable String failureReason,
    int retryCount,
    @Nullable Instant nextAttemptAt,
    long version,
    String idempotencyKey,
    @JsonRawValue @Schema(implementation = Object.class) String deliveryPayload,
    Instant createdAt,
    Instant updatedAt) {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

  /** For a user, who is not told why: it may say how the inside looks. */
  EventView withoutReason() {
    return new EventView(
        id,
        userId,
        eventType,
        status,
        targetTimestampUtc,
        targetTimestampLocal,
        targetTimezone,
        tzdbVersion,
        executedAt,
        failureReason == null ? null : "not delivered",
        retryCount,
        nextAttemptAt,
        version,
        idempotencyKey,
        deliveryPayload,
        createdAt,
        updatedAt);
  }

  static EventView of(Details details) {
    Event event = details.event();
    return new EventView(
        event.id(),
        event.subject(),
        event.type(),
        details.status().name(),
        event.at().instant(),
        SECONDS.format(event.at().local()),
        event.at().zone().getId(),
        event.at().tzdbVersion(),
        details.executedAt(),
        details.failureReason(),
        details.retryCount(),
        details.nextAttemptAt(),
        details.version(),
        event.idempotencyKey(),
        event.data(),
        details.createdAt(),
        details.updatedAt());
  }
}
