package dev.carillon.bench.drain;

import dev.carillon.bench.database.BenchDatabase;
import org.jdbi.v3.core.Handle;

/** A scheduler that drains due events from a database. */
public interface Contender {

  /** What it is called on the command line and in the table. */
  String name();

  /** Makes its tables in a fresh database and loads events that are due now. */
  void load(BenchDatabase database, int events);

  /**
   * Connects a worker process's worth of it, which does not begin yet.
   *
   * @param performed to be called once for every event
   */
  Worker connect(BenchDatabase database, Runnable performed);

  /** How many of so many events are done and committed. */
  long completed(Handle handle, int events);

  /** What drains. Closing it waits until its connections are closed. */
  interface Worker extends AutoCloseable {

    /** Begins. Returns at once. */
    void start();

    @Override
    void close();
  }
}
