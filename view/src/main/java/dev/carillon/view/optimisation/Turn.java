package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The right to change a database, had by one process at a time. It is a lock of a transaction that
 * stays open and idle: it sees nothing, so that neither an index build nor a vacuum waits for it.
 */
final class Turn implements AutoCloseable {

  /** How long to wait before the right is asked for again. */
  static final long PAUSE_NANOS = 200_000_000;

  private static final Statements SQL = Statements.beside(Turn.class, "turn.sql");

  private final Handle handle;

  private Turn(Handle handle) {
    this.handle = requireNonNull(handle, "handle is null");
  }

  /** Takes the right; empty if another process has it. Never waits. */
  static Optional<Turn> take(Jdbi jdbi) {
    // Opened by hand: work on the same thread must get connections of its own.
    Handle handle = jdbi.open();
    boolean taken = false;
    try {
      handle.begin();
      taken = handle.createQuery(SQL.get("take")).mapTo(Boolean.class).one();
      if (taken) {
        handle.createQuery(SQL.get("unlimited")).mapTo(String.class).list();
        Patient.run(handle, SQL.get("idle"));
        return Optional.of(new Turn(handle));
      }
      return Optional.empty();
    } finally {
      if (!taken) {
        end(handle);
      }
    }
  }

  /**
   * Waits for the right. Asks again and again, since who waits in the database keeps an index build
   * from ending.
   *
   * @throws IllegalStateException if it was not had in time
   */
  static Turn await(Jdbi jdbi, Duration longest, Progress progress) {
    long start = System.nanoTime();
    for (boolean first = true; ; first = false) {
      Optional<Turn> turn = take(jdbi);
      if (turn.isPresent()) {
        return turn.get();
      }
      if (first) {
        progress.say("another process migrates this database: waiting for it");
      }
      if (System.nanoTime() - start > longest.toNanos()) {
        throw new IllegalStateException(
            "another process migrates this database: try again when it has ended");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    end(handle);
  }

  private static void end(Handle handle) {
    try (handle) {
      if (handle.isInTransaction()) {
        handle.rollback();
      }
    }
  }
}
