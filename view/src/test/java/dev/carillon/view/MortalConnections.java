package dev.carillon.view;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/**
 * Connections whose server process is killed just before their n-th step, whichever of them takes
 * it: a step is a statement or a commit. The steps after it are let through.
 */
public final class MortalConnections implements ConnectionFactory {

  private static final Set<String> STEPS =
      Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "commit");

  private static final int MOST_STEPS = 400;

  private final String url;
  private final int last;
  private int steps;

  private MortalConnections(String url, int last) {
    this.url = url;
    this.last = last;
  }

  /**
   * Runs something again and again, each time killed some steps later, until it is not. The first
   * of these steps is chosen at random; the system property {@code soak.stride} may be 1 for all.
   *
   * @param usualStride how many steps later the next kill is
   * @param work what is killed
   * @param after what is done and looked at after each kill; told how many there were before
   * @return how many steps the work has
   */
  public static int killAtEachStep(
      String url, int usualStride, Consumer<Jdbi> work, IntConsumer after) {
    int stride = Integer.getInteger("soak.stride", usualStride);
    int last = 1 + new Random().nextInt(stride);
    for (int kills = 0; last < MOST_STEPS; kills++, last += stride) {
      MortalConnections mortal = new MortalConnections(url, last);
      try {
        work.accept(mortal.jdbi());
        if (mortal.steps < last) {
          return mortal.steps;
        }
      } catch (RuntimeException e) {
        if (mortal.steps < last) {
          throw e;
        }
      }
      check(after, kills, last);
    }
    throw new AssertionError("there is no end after %d steps".formatted(MOST_STEPS));
  }

  private static void check(IntConsumer after, int kills, int last) {
    try {
      after.accept(kills);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("killed before step " + last, e);
    }
  }

  private Jdbi jdbi() {
    Jdbi jdbi = Jdbi.create(this);
    jdbi.registerArrayType(Long.class, "int8");
    jdbi.registerArrayType(Integer.class, "int4");
    jdbi.registerArrayType(String.class, "text");
    return jdbi;
  }

  @Override
  public Connection openConnection() throws SQLException {
    Connection real = DriverManager.getConnection(url);
    return wrapped(Connection.class, real, real);
  }

  private <T> T wrapped(Class<T> type, T target, Connection connection) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (STEPS.contains(method.getName())) {
                step(connection);
              }
              try {
                Object result = method.invoke(target, arguments);
                return result instanceof Statement statement
                        && target instanceof Connection
                        && Statement.class.isAssignableFrom(method.getReturnType())
                    ? wrappedStatement(method.getReturnType(), statement, connection)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private <S> Object wrappedStatement(Class<S> type, Statement statement, Connection connection) {
    return wrapped(type, type.cast(statement), connection);
  }

  private void step(Connection connection) throws SQLException {
    steps++;
    if (steps != last) {
      return;
    }
    int pid = process(connection);
    try (Connection killer = DriverManager.getConnection(url);
        Statement statement = killer.createStatement()) {
      statement.execute("SELECT pg_terminate_backend(%d, 10000)".formatted(pid));
    }
  }

  private static int process(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
