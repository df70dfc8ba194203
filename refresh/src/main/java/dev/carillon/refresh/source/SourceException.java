package dev.carillon.refresh.source;

/** Says why a source cannot be called at all; the message is fit to be shown and has no secrets. */
public final class SourceException extends Exception {

  private static final long serialVersionUID = 1L;

  /** A source that cannot be called. */
  public SourceException(String message) {
    super(message);
  }

  /** A source that cannot be called, because of an error. */
  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
