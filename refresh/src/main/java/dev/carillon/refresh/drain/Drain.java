package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.pace.TempoStore;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.source.Source;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains a source's requests from the queue: calls the source for each, never faster than it
 * allows, and writes what came. Any number of drains, in any number of processes, share the work
 * and the rate. Safe for use by many threads.
 */
public final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /**
   * What a drain is made of.
   *
   * @param source who is called
   * @param queue where the requests are
   * @param tempos what the drains of all processes share
   * @param jdbi the database of the records
   * @param clock tells what is due and what is fresh
   * @param intake what is moved into the queue
   */
  public record Parts(
      Source source,
      RefreshQueue queue,
      TempoStore tempos,
      Jdbi jdbi,
      InstantSource clock,
      Intake intake) {
    public Parts {
      requireNonNull(source, "source is null");
      requireNonNull(queue, "queue is null");
      requireNonNull(tempos, "tempos is null");
      requireNonNull(jdbi, "jdbi is null");
      requireNonNull(clock, "clock is null");
      requireNonNull(intake, "intake is null");
    }
  }

  private final Parts parts;
  private volatile Pace.Punctuality punctuality = new Pace.Punctuality(0, 0);
  private final DrainLog log;

  /** A drain that has not been run. */
  public Drain(Parts parts) {
    this.parts = parts;
    this.log = new DrainLog(parts.jdbi());
  }

  /**
   * Drains until nothing is due, the time is over or it is asked to stop. What the source or a
   * store does is told in the report and never thrown. Interrupting the thread is like a stop.
   *
   * @param stop asks it to end
   * @param listener hears each second how far it is, on another thread
   */
  public DrainReport run(DrainLimits limits, Stop stop, Consumer<Progress> listener) {
    String source = parts.source().name();
    Pace pace = new Pace(parts.tempos(), source, parts.source().limit());
    DrainRun run = new DrainRun(parts, pace, limits, stop, listener);
    long id;
    try {
      id = log.begin(source, parts.clock().instant());
    } catch (RuntimeException e) {
      LOG.error("the drain of {} cannot begin", source, e);
      return run.unavailable(e);
    }
    DrainReport report = run.run();
    punctuality = pace.punctuality();
    try {
      log.end(id, report, parts.clock().instant());
    } catch (RuntimeException e) {
      LOG.warn("the end of the drain of {} cannot be noted: {}", source, Troubles.words(e));
    }
    LOG.info("{}, {}", report, punctuality);
    return report;
  }

  /** How well the calls of the last run kept to their slots. */
  public Pace.Punctuality punctuality() {
    return punctuality;
  }
}
