package dev.carillon.engine;

import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import java.time.Duration;

/**
 * Is told what the engine does: metrics and logs hang here. Called from many threads; what it
 * throws is logged and has no other effect.
 */
public interface EngineListener {

  /** Hears nothing. */
  EngineListener NONE = new EngineListener() {};

  /** An attempt ended; {@code took} is how long the target needed. */
  default void attempted(Attempt attempt, Outcome outcome, Duration took) {}

  /** An exchange with the store: so many settled, so many claimed, in so much time. */
  default void exchanged(int settled, int claimed, Duration took) {}

  /** So many settlements changed nothing, since the claims had been taken back. */
  default void fenced(int events) {}

  /** So many events of crashed processes were made due again. */
  default void recovered(int events) {}

  /** This process's lease ran out: what it had claimed belongs to others. */
  default void leaseLost() {}
}
