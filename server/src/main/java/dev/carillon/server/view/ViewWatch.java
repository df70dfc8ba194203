package dev.carillon.server.view;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.registry.Standing;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then how all views are, and says when one becomes stale and when it is fresh again.
 * One thread looks, any may ask for what was seen.
 */
final class ViewWatch implements AutoCloseable {

  /** How often it is looked. */
  static final Duration EVERY = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ViewWatch.class);

  private final Supplier<List<Standing>> views;
  private final Consumer<List<Standing>> listener;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("carillon-view-watch").factory());
  private volatile Set<String> stale = Set.of();
  private volatile @Nullable List<Standing> seen;
  private boolean answers = true;

  /**
   * A watch that looks when it is started.
   *
   * @param views how they are now
   * @param listener is told what was seen, each time
   */
  ViewWatch(Supplier<List<Standing>> views, Consumer<List<Standing>> listener) {
    this.views = requireNonNull(views, "views is null");
    this.listener = requireNonNull(listener, "listener is null");
  }

  void start() {
    var _ = timer.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How they were when it was looked last; null if nobody knows. */
  @Nullable List<Standing> seen() {
    return seen;
  }

  /** Looks. If the database does not answer, that is told elsewhere. */
  void look() {
    try {
      List<Standing> now = List.copyOf(views.get());
      seen = now;
      tell(now);
      listener.accept(now);
      answers = true;
    } catch (RuntimeException e) {
      seen = null;
      if (answers) {
        LOG.warn("the views cannot be watched: {}", String.valueOf(e.getMessage()));
      }
      answers = false;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private static String name(Standing view) {
    return view.view().name().text();
  }

  /** The views that were stale when it was looked last. */
  Set<String> stale() {
    return stale;
  }

  private void tell(List<Standing> now) {
    Set<String> before = stale;
    Set<String> found = new HashSet<>();
    for (Standing one : now) {
      String name = name(one);
      if (one.staleness().stale()) {
        found.add(name);
        if (!before.contains(name)) {
          LOG.warn("view {} is stale: {}", name, one.staleness().reason());
        }
      } else if (before.contains(name)) {
        LOG.info("view {} is fresh again", name);
      }
    }
    stale = Set.copyOf(found);
  }
}
