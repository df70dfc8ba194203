package dev.carillon.server.settings;

/** Where a process runs, named by {@code ENVIRONMENT}. */
public enum Stage {
  /** A developer's machine: the log is for people. */
  LOCAL,
  /** Shared by developers. */
  DEV,
  /** The rehearsal. */
  STAGING,
  /** The real thing. */
  PRODUCTION
}
