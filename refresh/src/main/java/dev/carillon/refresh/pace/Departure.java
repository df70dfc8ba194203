package dev.carillon.refresh.pace;

/**
 * The moment at which one call leaves. Who makes the call gets everything ready, the connection
 * too, then waits here, writes the request at once, and says so. For one thread.
 */
public interface Departure {

  /** Of a call that waits for nothing. */
  Departure AT_ONCE =
      new Departure() {
        @Override
        public boolean await() {
          return true;
        }

        @Override
        public void left() {
          // Nobody asked.
        }
      };

  /**
   * Waits for the moment.
   *
   * @return false if the call must not be made after all
   */
  boolean await() throws InterruptedException;

  /**
   * Says that the request has been written: it has left now, or since {@link #await} returned.
   * Never throws, and does not wait.
   */
  void left();
}
