package dev.carillon.server.user;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.birthday.User;
import dev.carillon.birthday.UserDetails;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user as JSON. */
@JsonNaming(SnakeCaseStrategy.class)
public record UserView(
    UUID id,
    String firstName,
    String lastName,
    String dateOfBirth,
    String timeZone,
    String leapDayPolicy,
    @Nullable String deliveryTime,
    @Nullable String endpoint,
    Instant createdAt,
    Instant updatedAt) {

  static UserView of(User user) {
    UserDetails details = user.details();
    return new UserView(
        user.id(),
        details.firstName(),
        details.lastName(),
        details.dateOfBirth().toString(),
        details.timeZone().getId(),
        details.leapDayPolicy().name(),
        time(details.deliveryTime()),
        details.endpoint(),
        user.createdAt(),
        user.updatedAt());
  }

  private static @Nullable String time(@Nullable LocalTime time) {
    return time == null ? null : DateTimeFormatter.ISO_LOCAL_TIME.format(time);
  }
}
