package dev.carillon.view.capture;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Runs transactions that need a lock on a user's table. They wait for it only a short time, since
 * all writers queue behind one that waits, let these pass for as long, and try again.
 *
 * @param jdbi runs the statements
 * @param lockTimeout how long one try waits for a lock
 * @param attempts how often it is tried
 */
public record Patiently(Jdbi jdbi, Duration lockTimeout, int attempts) {

  /** How long one try waits at the most where nobody has asked for it. */
  public static final Duration BRIEF = Duration.ofMillis(200);

  /** The same with one try that is hardly felt: for what is tried again by itself. */
  public Patiently briefly() {
    return new Patiently(jdbi, lockTimeout.compareTo(BRIEF) < 0 ? lockTimeout : BRIEF, 1);
  }

  /** The same with one try. */
  public Patiently once() {
    return new Patiently(jdbi, lockTimeout, 1);
  }

  /** Runs a transaction at READ COMMITTED, whatever the database's default is. */
  public <T> T transaction(String what, Function<Handle, T> work) {
    return retried(
        what,
        handle -> {
          RawSql.execute(handle, Capture.TEMPLATE.fill("read_committed", Map.of()));
          return work.apply(handle);
        });
  }

  /**
   * Runs a transaction that sees one snapshot, taken when its locks are had, and that may take its
   * time.
   *
   * @param locks statements that take its locks, and no snapshot
   */
  public <T> T snapshot(String what, String locks, Function<Handle, T> work) {
    return retried(
        what,
        handle ->
            Unhurried.onPatientConnection(
                handle,
                () -> {
                  RawSql.execute(handle, Capture.TEMPLATE.fill("one_snapshot", Map.of()));
                  RawSql.execute(handle, locks);
                  Unhurried.limit(handle);
                  return work.apply(handle);
                }));
  }

  /** The same without locks of its own: its first statement takes the snapshot. */
  public <T> T snapshot(String what, Function<Handle, T> work) {
    return snapshot(what, "", work);
  }

  private <T> T retried(String what, Function<Handle, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return jdbi.inTransaction(handle -> {
          RawSql.execute(handle, limits());
          return work.apply(handle);
        });
      } catch (RuntimeException e) {
        if (!SqlRefusal.isPassing(e)) {
          throw e;
        }
        if (attempt >= attempts) {
          throw new CaptureBusy(
              "%s: a lock was not had, tried %d x %d ms; a long transaction holds it"
                  .formatted(what, attempts, lockTimeout.toMillis()),
              e);
        }
        LockSupport.parkNanos(lockTimeout.toNanos());
      }
    }
  }

  private String limits() {
    return Capture.TEMPLATE.fill(
        "limits", Map.of("lock_timeout_ms", Long.toString(lockTimeout.toMillis())));
  }
}
