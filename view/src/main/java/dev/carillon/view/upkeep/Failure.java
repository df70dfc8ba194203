package dev.carillon.view.upkeep;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;

/** Why the database did not do something, in words and by its code. */
public final class Failure {

  /**
   * The classes of errors that are the query's own: wrong cardinality, data and constraints, syntax
   * and names, and errors that its functions raise (PostgreSQL, Appendix A).
   */
  private static final Set<String> OF_QUERY =
      Set.of("21", "22", "23", "2F", "38", "39", "42", "P0");

  private static final String MISSING_TABLE = "42P01";
  private static final int CLASS_LENGTH = 2;

  private Failure() {}

  /** The reason for people: the database's own where we only passed it on. */
  public static String words(Exception failure) {
    Throwable told =
        failure instanceof JdbiException
            ? refusal(failure).map(Throwable.class::cast).orElse(failure)
            : failure;
    return String.valueOf(told.getMessage());
  }

  /** Whether the same will fail again until somebody changes the query or its data. */
  public static boolean isOfQuery(Exception failure) {
    return state(failure)
        .map(state -> OF_QUERY.contains(state.substring(0, CLASS_LENGTH)))
        .orElse(false);
  }

  /** Whether the same may well work in a moment: nothing says that it is the query's own fault. */
  public static boolean isPassing(Exception failure) {
    return refusal(failure).isPresent() && !isOfQuery(failure);
  }

  static boolean isOfMissingTable(Exception failure) {
    return state(failure).equals(Optional.of(MISSING_TABLE));
  }

  private static Optional<String> state(Exception failure) {
    return refusal(failure)
        .map(SQLException::getSQLState)
        .filter(state -> state.length() > CLASS_LENGTH);
  }

  private static Optional<SQLException> refusal(Exception failure) {
    return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast)
        .findFirst();
  }
}
