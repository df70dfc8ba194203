package dev.carillon.server.settings;

/** The least important log lines that are written. */
public enum LogLevel {
  /** Only what failed. */
  ERROR,
  /** And what may fail soon. */
  WARN,
  /** And what happened. */
  INFO,
  /** And why. */
  DEBUG,
  /** Everything. */
  TRACE
}
