package dev.carillon.birthday;

import dev.carillon.postgres.EventRows;
import dev.carillon.time.LeapDayPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Users to and from rows. */
final class UserRows {

  private UserRows() {}

  static User read(ResultSet row) throws SQLException {
    return new User(
        row.getObject("id", UUID.class),
        new UserDetails(
            row.getString("first_name"),
            row.getString("last_name"),
            row.getObject("date_of_birth", LocalDate.class),
            ZoneId.of(row.getString("time_zone")),
            LeapDayPolicy.valueOf(row.getString("leap_day_policy")),
            row.getObject("delivery_time", LocalTime.class),
            row.getString("endpoint")),
        EventRows.instant(row, "created_at"),
        EventRows.instant(row, "updated_at"));
  }

  /** Binds new users as one array a column. */
  static Update bind(Update insert, List<User> users, Instant createdAt) {
    return insert
        .bind("created_at", createdAt)
        .bindArray("id", UUID.class, users.stream().map(User::id).toArray())
        .bindArray("first_name", String.class, column(users, UserDetails::firstName))
        .bindArray("last_name", String.class, column(users, UserDetails::lastName))
        .bindArray("date_of_birth", String.class, column(users, UserDetails::dateOfBirth))
        .bindArray("time_zone", String.class, column(users, UserDetails::timeZone))
        .bindArray("leap_day_policy", String.class, column(users, UserDetails::leapDayPolicy))
        .bindArray("delivery_time", String.class, column(users, UserDetails::deliveryTime))
        .bindArray("endpoint", String.class, column(users, UserDetails::endpoint));
  }

  /** Writes a user's new details, and reads the user back. */
  static User update(Handle handle, String sql, UUID id, UserDetails details, Instant updatedAt) {
    return handle
        .createQuery(sql)
        .bind("id", id)
        .bind("first_name", details.firstName())
        .bind("last_name", details.lastName())
        .bind("date_of_birth", details.dateOfBirth())
        .bind("time_zone", details.timeZone().getId())
        .bind("leap_day_policy", details.leapDayPolicy().name())
        .bind("delivery_time", details.deliveryTime())
        .bind("endpoint", details.endpoint())
        .bind("updated_at", updatedAt)
        .map((row, _) -> read(row))
        .one();
  }

  private static @Nullable Object[] column(
      List<User> users, Function<UserDetails, @Nullable Object> value) {
    return users.stream()
        .map(user -> Objects.toString(value.apply(user.details()), null))
        .toArray();
  }
}
