package dev.carillon.view.doctor;

import java.util.Locale;

/** How bad something is, the best first. */
public enum Severity {
  /** Nothing is wrong. */
  OK(0),
  /** Worth knowing; nothing has to be done. */
  INFO(0),
  /** It costs something, or will. */
  WARNING(1),
  /** Something does not work, or soon will not. */
  PROBLEM(2);

  private final int exitCode;

  Severity(int exitCode) {
    this.exitCode = exitCode;
  }

  /** What a command ends with whose worst advice is this one. */
  public int exitCode() {
    return exitCode;
  }

  /** As the API and the command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
