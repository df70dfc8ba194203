package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * Lets attempts to endpoints begin, or not. Safe for use by many threads; may block for a moment.
 */
public interface Gate {

  /** The lane of events whose endpoint is not there: nobody's traffic. */
  UUID NOWHERE = new UUID(0, 0);

  /** Lets everything through. */
  Gate OPEN =
      new Gate() {
        @Override
        public Admission enter(UUID endpoint) {
          return (Admission.Admitted) _ -> {};
        }
      };

  /** Whether an attempt may begin. */
  sealed interface Admission {

    /** It may. */
    @FunctionalInterface
    non-sealed interface Admitted extends Admission {

      /** To be called once, when the attempt has ended. */
      void left(Result result);
    }

    /**
     * Not now: it is to be held.
     *
     * @param reason why, for people
     */
    record Refused(String reason) implements Admission {
      public Refused {
        requireNonNull(reason, "reason is null");
      }
    }
  }

  /**
   * Asks to begin an attempt.
   *
   * @throws InterruptedException if the calling thread was interrupted; nothing was begun
   */
  Admission enter(UUID endpoint) throws InterruptedException;
}
