package dev.carillon.view;

import static java.util.Objects.requireNonNullElse;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What a pooler in transaction mode does to its clients: a server's session is theirs for one
 * transaction, or one statement outside of one; then it is wiped with {@code DISCARD ALL}, and the
 * next may be another.
 */
public final class TransactionPooler implements ConnectionFactory, AutoCloseable {

  private static final int SESSIONS = 3;
  private static final Object[] NOTHING = {};
  private static final Set<String> ENDS = Set.of("commit", "rollback");

  private final Deque<Connection> sessions = new ArrayDeque<>();
  private int wiped;

  /** Sessions of a database. */
  public TransactionPooler(String url) throws SQLException {
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(DriverManager.getConnection(url + "&prepareThreshold=0"));
    }
  }

  /** What runs over them. */
  public Jdbi jdbi() {
    Jdbi jdbi = Jdbi.create(this);
    jdbi.registerArrayType(Long.class, "int8");
    jdbi.registerArrayType(Integer.class, "int4");
    jdbi.registerArrayType(String.class, "text");
    return jdbi;
  }

  /** How often a session was wiped. */
  public synchronized int wiped() {
    return wiped;
  }

  @Override
  public Connection openConnection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new Client()::run);
  }

  @Override
  public void close() throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
  }

  private synchronized Connection next() {
    return sessions.removeFirst();
  }

  private synchronized void wipe(Connection session) throws SQLException {
    session.setAutoCommit(true);
    try (Statement statement = session.createStatement()) {
      statement.execute("DISCARD ALL");
    }
    wiped++;
    sessions.addLast(session);
  }

  private static @Nullable Object invoke(Object target, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw requireNonNullElse(e.getCause(), e);
    }
  }

  /** What one client believes to be its connection. */
  private final class Client {

    private @Nullable Connection session;
    private boolean autoCommit = true;
    private boolean closed;

    private @Nullable Object run(Object self, Method method, Object @Nullable [] arguments)
        throws Throwable {
      Object[] values = arguments == null ? NOTHING : arguments;
      return switch (method.getName()) {
        case "setAutoCommit" -> {
          autoCommit = (boolean) values[0];
          yield null;
        }
        case "getAutoCommit" -> autoCommit;
        case "isClosed" -> closed;
        case "close" -> {
          closed = true;
          end();
          yield null;
        }
        default -> autoCommit ? alone(method, values) : together(method, values);
      };
    }

    private @Nullable Object together(Method method, Object[] arguments) throws Throwable {
      Object result = invoke(begun(), method, arguments);
      if (ENDS.contains(method.getName()) && arguments.length == 0) {
        end();
      }
      return result;
    }

    private @Nullable Object alone(Method method, Object[] arguments) throws Throwable {
      Connection lent = next();
      Object result = invoke(lent, method, arguments);
      if (result instanceof Statement statement) {
        return untilClosed(method.getReturnType(), statement, lent);
      }
      wipe(lent);
      return result;
    }

    private Object untilClosed(Class<?> type, Statement statement, Connection lent) {
      return Proxy.newProxyInstance(
          type.getClassLoader(),
          new Class<?>[] {type},
          (_, called, values) -> {
            Object answer = invoke(statement, called, values == null ? NOTHING : values);
            if (called.getName().equals("close")) {
              wipe(lent);
            }
            return answer;
          });
    }

    private Connection begun() throws SQLException {
      Connection mine = session;
      if (mine == null) {
        mine = next();
        mine.setAutoCommit(false);
        session = mine;
      }
      return mine;
    }

    private void end() throws SQLException {
      Connection mine = session;
      if (mine != null) {
        session = null;
        mine.rollback();
        wipe(mine);
      }
    }
  }
}
