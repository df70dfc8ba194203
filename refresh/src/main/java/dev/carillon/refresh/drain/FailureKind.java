package dev.carillon.refresh.drain;

/** How a call came to nothing. */
public enum FailureKind {
  /** The call failed: that is final, and noted. */
  CALL,
  /** The record came and could not be stored: that is final, and noted. */
  STORING,
  /** The source was called too fast: the request was given back. */
  TOO_FAST,
  /** The source served nobody: the request was given back. */
  DOWN,
  /** The source did not take our key: the request was given back. */
  REFUSED
}
