package dev.carillon.view.capture;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The database refused a statement. */
public final class SqlRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Lock not available, serialization failure, deadlock: another try may succeed. */
  private static final Set<String> PASSING = Set.of("55P03", "40001", "40P01");

  /** Cardinality violation, unique violation. */
  private static final Set<String> AMBIGUOUS = Set.of("21000", "23505");

  SqlRefusal(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  /** Whether another try may succeed, because another transaction stood in the way. */
  public static boolean isPassing(Throwable failure) {
    String state = state(failure);
    return state != null && PASSING.contains(state);
  }

  /** Whether two rows had the same key where there may be one. */
  public static boolean isAmbiguous(Throwable failure) {
    String state = state(failure);
    return state != null && AMBIGUOUS.contains(state);
  }

  private static @Nullable String state(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return null;
  }
}
