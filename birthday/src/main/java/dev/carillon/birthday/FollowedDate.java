package dev.carillon.birthday;

import java.time.LocalDate;

/** Which of a user's dates a yearly event follows. */
public enum FollowedDate {
  /** The birthday, from the year of birth on. */
  DATE_OF_BIRTH {
    @Override
    LocalDate of(EventData data) {
      return data.dateOfBirth();
    }

    @Override
    int firstYear(EventData data) {
      return data.dateOfBirth().getYear();
    }
  },
  /**
   * The day on which the user was created, as it was in their zone when the first event was
   * planned; from the year after on, since nobody celebrates no years.
   */
  CREATED_AT {
    @Override
    LocalDate of(EventData data) {
      return data.createdOn();
    }

    @Override
    int firstYear(EventData data) {
      return data.createdOn().getYear() + 1;
    }
  };

  abstract LocalDate of(EventData data);

  abstract int firstYear(EventData data);
}
