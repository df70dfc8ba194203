package dev.carillon.server.command;

import java.io.Serial;

/** Ends a command with a line for people, and an exit code. */
final class CommandFailed extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final int exitCode;

  CommandFailed(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
