package dev.carillon.view.upkeep;

import dev.carillon.view.ViewName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Views have their turns one after another; one whose turn takes long keeps it while the others
 * have theirs. Safe for use by many threads.
 *
 * @param patience how long a view is waited for before the next one has its turn
 * @param mostSlow how many may take long before the next one is waited for to the end: each holds a
 *     connection
 * @param underWay the threads of the turns that have not ended
 */
record Turns(Duration patience, int mostSlow, Map<ViewName, Thread> underWay) {

  /** What is used unless something else is wanted. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Half of the connections that a server has for its views. */
  static final int MOST_SLOW = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  Turns() {
    this(PATIENCE, MOST_SLOW);
  }

  Turns(Duration patience, int mostSlow) {
    this(patience, mostSlow, new ConcurrentHashMap<>());
  }

  /** Gives a view its turn, unless it still has one, or the caller is interrupted. */
  void take(ViewName view, Runnable work) {
    Thread turn = Thread.ofVirtual().name("carillon-view-" + view).unstarted(() -> run(view, work));
    if (Thread.currentThread().isInterrupted() || underWay.putIfAbsent(view, turn) != null) {
      return;
    }
    turn.start();
    try {
      if (underWay.size() > mostSlow) {
        turn.join();
      } else if (!turn.join(patience)) {
        LOG.info("{} takes long; the others are looked after meanwhile", view);
      }
    } catch (InterruptedException e) {
      turn.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what is under way. */
  void stop() {
    underWay.values().forEach(Thread::interrupt);
  }

  private void run(ViewName view, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("{} cannot be looked after now: {}", view, e.toString());
    } finally {
      underWay.remove(view);
    }
  }
}
