package dev.carillon.engine;

import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a listener's failures from the engine: they are logged.
 *
 * @param listener is told
 */
record GuardedListener(EngineListener listener) implements EngineListener {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

  @Override
  public void attempted(Attempt attempt, Outcome outcome, Duration took) {
    guard(() -> listener.attempted(attempt, outcome, took));
  }

  @Override
  public void exchanged(int settled, int claimed, Duration took) {
    guard(() -> listener.exchanged(settled, claimed, took));
  }

  @Override
  public void fenced(int events) {
    guard(() -> listener.fenced(events));
  }

  @Override
  public void recovered(int events) {
    guard(() -> listener.recovered(events));
  }

  @Override
  public void leaseLost() {
    guard(listener::leaseLost);
  }

  private static void guard(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      LOG.warn("a listener failed", e);
    }
  }
}
