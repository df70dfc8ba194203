package dev.carillon.server;

import dev.carillon.server.command.Commands;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.security.Security;

/** The program. The framework is started by {@code serve} alone: other commands start at once. */
@QuarkusMain
public final class Carillon {

  private Carillon() {}

  /** Runs a command and exits with its code. */
  public static void main(String... args) {
    // The JVM would remember a failed look-up for 10 s and forget why it failed: a resolver that
    // has a moment's trouble would then look like a name that is not there.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    System.exit(Commands.commandLine().execute(args));
  }
}
