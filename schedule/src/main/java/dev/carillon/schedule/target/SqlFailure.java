package dev.carillon.schedule.target;

import static java.util.Comparator.comparingInt;

import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * What an error of the database means for a run.
 *
 * @param kind what is to be done
 * @param reason what went wrong, for people; without the values of parameters
 */
record SqlFailure(Kind kind, String reason) {

  /** What is to be done. */
  enum Kind {
    /** To be tried again. */
    AGAIN,
    /** Another attempt would fail too. */
    NEVER,
    /** The database gave no connection: nothing was tried. */
    NOT_TRIED
  }

  /** How long a run waits at least for which there was no connection. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** The longest reason, in characters. */
  static final int MAX_REASON_LENGTH = 1_000;

  /**
   * Connections, conflicts between transactions, lack of resources, interventions such as
   * time-outs, and errors of the system such as a full disk (PostgreSQL's documentation, appendix
   * A, classes of error codes).
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");

  /**
   * An object in use, a lock that is not available, and a transaction that may only read, as on a
   * server that is no longer the primary.
   */
  private static final Set<String> PASSING_STATES = Set.of("55006", "55P03", "25006");

  /** Data exceptions, whose messages repeat the data. */
  private static final String DATA = "22";

  private static final int CLASS_LENGTH = 2;

  /** Shorter values are hidden where they stand alone only: they are parts of many words. */
  private static final int SHORT = 4;

  private static final String PREFIX = "ERROR: ";

  /**
   * What an error means.
   *
   * @param subject what failed, for people
   * @param values the values of parameters, which are not to be repeated
   * @throws InterruptedException if the error came by an interrupt of the calling thread
   */
  static SqlFailure of(Exception error, String subject, Collection<String> values)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(subject + " was broken off");
    }
    if (error instanceof ConnectionException) {
      return new SqlFailure(Kind.NOT_TRIED, "the database gives no connection for " + subject);
    }
    SQLException cause = cause(error);
    String state = cause == null ? null : cause.getSQLState();
    if (cause == null || state == null || state.length() < CLASS_LENGTH) {
      return new SqlFailure(Kind.AGAIN, subject + " failed: " + error.getClass().getSimpleName());
    }
    String category = state.substring(0, CLASS_LENGTH);
    String message =
        category.equals(DATA)
            ? "a value does not fit"
            : hidden(firstLine(String.valueOf(cause.getMessage())), values);
    String reason = "%s failed with SQLSTATE %s: %s".formatted(subject, state, message);
    return new SqlFailure(
        PASSING.contains(category) || PASSING_STATES.contains(state) ? Kind.AGAIN : Kind.NEVER,
        reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH)));
  }

  /** The outcome of the attempt. */
  Outcome outcome(Receipt receipt) {
    return switch (kind) {
      case AGAIN -> new Outcome.Retryable(reason, null, null, receipt);
      case NEVER -> new Outcome.Rejected(reason, receipt);
      case NOT_TRIED -> new Outcome.Postponed(reason, pause(), receipt);
    };
  }

  /** Up to three times as long as the shortest: what came together does not come back together. */
  private static Duration pause() {
    long shortest = PAUSE.toMillis();
    return Duration.ofMillis(shortest + ThreadLocalRandom.current().nextLong(2 * shortest));
  }

  private static @Nullable SQLException cause(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }

  /** Details and hints follow on lines of their own, and repeat rows. */
  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line;
  }

  private static String hidden(String message, Collection<String> values) {
    List<String> longestFirst =
        values.stream()
            .filter(value -> !value.isBlank())
            .distinct()
            .sorted(comparingInt(String::length).reversed())
            .toList();
    String hidden = message;
    for (String value : longestFirst) {
      if (hidden.contains(value)) {
        hidden = value.length() < SHORT ? hiddenAlone(hidden, value) : hidden.replace(value, "?");
      }
    }
    return hidden;
  }

  private static String hiddenAlone(String message, String value) {
    return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])")
        .matcher(message)
        .replaceAll("?");
  }
}
