package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A user's details as someone sent them: either good, or everything that is wrong with them.
 *
 * <p>Blanks around a name are dropped here, since they come from forms and mean nothing. Nothing
 * else is changed.
 */
public sealed interface UserInput {

  /** The details are good. */
  record Valid(UserDetails details) implements UserInput {
    public Valid {
      requireNonNull(details, "details is null");
    }
  }

  /** At least one field is bad; each bad field is named once. */
  record Invalid(List<FieldError> errors) implements UserInput {
    public Invalid {
      errors = List.copyOf(errors);
      if (errors.isEmpty()) {
        throw new IllegalArgumentException("errors is empty");
      }
    }
  }

  /**
   * Reads a JSON object. Never throws for anything the object contains.
   *
   * @param body the object; null if there was none
   * @param latestToday the latest date of birth that is not in the future, see {@link #latestToday}
   * @param zones the zones that are known
   * @param endpoints finds an endpoint by what the user is asked for, as it is to be stored
   */
  static UserInput parse(
      @Nullable JsonNode body,
      LocalDate latestToday,
      TimeZones zones,
      Function<String, Optional<String>> endpoints) {
    return UserFields.parse(body, latestToday, zones, endpoints);
  }

  /**
   * Today's date where the day begins first, UTC+14: a child born there this morning is not born in
   * the future, wherever the server stands.
   */
  static LocalDate latestToday(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.ofHours(14));
  }
}
