package dev.carillon.server;

import dev.carillon.server.command.Commands;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The program. The framework is started by {@code serve} alone: other commands start at once. */
@QuarkusMain
public final class Carillon {

  private Carillon() {}

  /** Runs a command and exits with its code. */
  public static void main(String... args) {
    System.exit(Commands.commandLine().execute(args));
  }
}
