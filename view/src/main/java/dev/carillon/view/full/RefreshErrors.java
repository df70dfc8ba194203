package dev.carillon.view.full;

import dev.carillon.view.ViewName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What an error of PostgreSQL means for a refresh: by its SQLSTATE (manual, appendix A). */
final class RefreshErrors {

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String QUERY_CANCELED = "57014";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String DUPLICATE_ROWS = "21000";

  /** Connection, resources, conflicts between transactions, an operator at work, the system. */
  private static final Set<String> PASSING = Set.of("08", "53", "40", "57", "58");

  private RefreshErrors() {}

  /** Whether a lock was not had in time. */
  static boolean isLockTimeout(RuntimeException error) {
    return state(error).filter(LOCK_NOT_AVAILABLE::equals).isPresent();
  }

  static RefreshOutcome outcome(ViewName view, RuntimeException error, RefreshLimits limits) {
    String state = state(error).orElse("");
    return switch (state) {
      case INSUFFICIENT_PRIVILEGE ->
          new RefreshOutcome.Impossible(
              message(error),
              "connect as the owner of %s, or, from PostgreSQL 17 on: GRANT MAINTAIN ON %s TO CURRENT_USER"
                  .formatted(view, view));
      case DUPLICATE_ROWS ->
          new RefreshOutcome.Failed(
              message(error) + ": its unique index does not fit its query", false);
      case QUERY_CANCELED ->
          new RefreshOutcome.Failed(
              "%s (it may run for %s)".formatted(message(error), seconds(limits.run())), true);
      default -> new RefreshOutcome.Failed(message(error), isPassing(error, state));
    };
  }

  private static boolean isPassing(RuntimeException error, String state) {
    boolean neverSpoke = state.isEmpty() && causes(error).anyMatch(SQLException.class::isInstance);
    return neverSpoke || (state.length() == 5 && PASSING.contains(state.substring(0, 2)));
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }

  private static Optional<String> state(RuntimeException error) {
    return causes(error)
        .filter(SQLException.class::isInstance)
        .map(cause -> ((SQLException) cause).getSQLState())
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  /** What the server said, without the statement and its parameters. */
  private static String message(RuntimeException error) {
    return causes(error)
        .filter(SQLException.class::isInstance)
        .map(RefreshErrors::said)
        .findFirst()
        .orElseGet(error::toString);
  }

  private static String said(Throwable cause) {
    ServerErrorMessage server =
        cause instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    String message = server == null ? cause.getMessage() : server.getMessage();
    return message == null ? cause.toString() : message;
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, cause -> cause != null, Throwable::getCause);
  }
}
