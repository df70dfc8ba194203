package dev.carillon.server.wiring;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands what the command line opened to the framework, which makes its own objects and takes no
 * arguments.
 */
public final class Handover {

  private static final AtomicReference<@Nullable Serving> HELD = new AtomicReference<>();

  private Handover() {}

  /** Lays down what the server is to stand on. */
  public static void give(Serving serving) {
    HELD.set(serving);
  }

  /**
   * What was laid down.
   *
   * @throws IllegalStateException if nothing was
   */
  static Serving take() {
    Serving serving = HELD.get();
    if (serving == null) {
      throw new IllegalStateException("the server is started by `carillon serve`");
    }
    return serving;
  }
}
