package dev.carillon.view.capture;

/** A lock was not had in time; nothing was left half done, and a later try may succeed. */
public final class CaptureBusy extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CaptureBusy(String message, Throwable cause) {
    super(message, cause);
  }
}
