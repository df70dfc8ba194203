package dev.carillon.server.wiring;

import dev.carillon.postgres.Database;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.optimisation.AtStart;
import dev.carillon.view.optimisation.Optimisations;
import java.security.SecureRandom;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes jobs fast when a server starts, where that takes moments; a start does not wait long for
 * it.
 */
public final class Optimising {

  /** How long a start waits: an index build waits for every transaction that is older. */
  static final Duration WAIT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Optimising.class);

  private Optimising() {}

  /** The optimisations of a database. */
  public static Optimisations of(Database database) {
    FullRefresh refresh =
        new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, new SecureRandom());
    return new Optimisations(database, refresh, Wiring.wallClock());
  }

  /** Applies what takes moments; what becomes of it is in the log. */
  static void run(Database database) {
    AtStart start = new AtStart(of(database));
    Thread work =
        Thread.ofVirtual().name("carillon-optimising").start(() -> log(start.run(LOG::debug)));
    try {
      if (!work.join(WAIT)) {
        LOG.info("jobs are still being optimised; the server starts meanwhile");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void log(AtStart.Outcome outcome) {
    switch (outcome) {
      case AtStart.Outcome.Nothing _ -> LOG.debug("jobs are optimised");
      case AtStart.Outcome.Applied applied ->
          LOG.info("optimised jobs: {}", String.join(", ", applied.names()));
      case AtStart.Outcome.Left left -> LOG.info("{}", left.message());
      case AtStart.Outcome.Failed failed -> LOG.warn("{}", failed.message());
    }
  }
}
