package dev.carillon.birthday;

import java.time.LocalDate;

/** Which of a user's dates a yearly event follows. */
public enum FollowedDate {
  /** The birthday. */
  DATE_OF_BIRTH {
    @Override
    LocalDate of(EventData data) {
      return data.dateOfBirth();
    }
  },
  /** The day on which the user was created, as it was in their zone when the event was planned. */
  CREATED_AT {
    @Override
    LocalDate of(EventData data) {
      return data.createdOn();
    }
  };

  abstract LocalDate of(EventData data);
}
