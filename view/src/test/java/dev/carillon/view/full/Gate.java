package dev.carillon.view.full;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.Patience;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A function {@code pass_gate()} that a view's query calls: it is held up while the gate is shut.
 */
final class Gate implements AutoCloseable {

  private static final Duration MOST = Duration.ofSeconds(30);

  private final Database database;
  private final Handle holder;

  Gate(Database database) {
    this.database = database;
    database
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              """
              CREATE FUNCTION pass_gate() RETURNS boolean LANGUAGE plpgsql AS $$
              BEGIN
                WHILE NOT pg_try_advisory_xact_lock_shared(42) LOOP
                  PERFORM pg_sleep(0.005);
                END LOOP;
                RETURN true;
              END
              $$
              """);
        });
    holder = database.jdbi().open();
  }

  void shut() {
    holder.begin();
    holder.execute("SELECT pg_advisory_xact_lock(42)");
  }

  void open() {
    holder.rollback();
  }

  /** Waits until a refresh stands at the gate; its server process. */
  int awaitSomebody() {
    Patience.until(MOST, () -> !waiting().isEmpty());
    return waiting().getFirst();
  }

  @Override
  public void close() {
    if (holder.isInTransaction()) {
      holder.rollback();
    }
    holder.close();
  }

  private List<Integer> waiting() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .select(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND query LIKE 'REFRESH%' AND wait_event = 'PgSleep'")
                .mapTo(Integer.class)
                .list());
  }
}
