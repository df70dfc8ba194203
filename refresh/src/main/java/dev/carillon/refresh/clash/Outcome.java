package dev.carillon.refresh.clash;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What an HTTP call came to. */
sealed interface Outcome {

  /**
   * It was answered.
   *
   * @param status the HTTP status
   * @param headers by name in small letters
   * @param body all of it
   */
  @SuppressWarnings("ArrayRecordComponent") // Read once, by one thread, and never compared.
  record Reply(int status, Map<String, List<String>> headers, byte[] body) implements Outcome {

    Optional<String> header(String name) {
      return all(name).stream().findFirst();
    }

    List<String> all(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
  }

  /**
   * It was made, and not answered, or not whole.
   *
   * @param reason why, fit to be shown
   */
  record Unanswered(String reason) implements Outcome {}

  /** It was not made: it was not to leave after all. */
  record NotMade() implements Outcome {}

  /**
   * It could not be made: nobody is there.
   *
   * @param reason why, fit to be shown
   */
  record Unreachable(String reason) implements Outcome {}
}
