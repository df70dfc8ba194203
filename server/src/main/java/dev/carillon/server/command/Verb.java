package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks a server for something, and prints what is answered. */
abstract class Verb implements Callable<Integer> {

  @Mixin private ServerOptions server = new ServerOptions();

  @Override
  public final Integer call() {
    try (ServerClient client = server.client()) {
      JsonNode answer = ask(client);
      if (!server.printed(answer)) {
        print(answer, server);
        server.out().flush();
      }
      return 0;
    }
  }

  abstract JsonNode ask(ServerClient client);

  abstract void print(JsonNode answer, ServerOptions to);
}
