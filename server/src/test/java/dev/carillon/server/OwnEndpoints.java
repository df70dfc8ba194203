package dev.carillon.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server without WEBHOOK_URL, so that all its endpoints are made by tests, which share it. */
final class OwnEndpoints {

  static final String ENCRYPTION_KEY = "Y2FyaWxsb24ncyBrZXkgb2YgdGhlIHRlc3RzLCAzMkI=";

  private static final Path DATA = folder();
  private static final int LINE_OF_THE_PORT = 3;

  private static final class Shared {
    static final RunningServer SERVER =
        RunningServer.start(
            Map.of(
                "CARILLON_DATA",
                DATA.toString(),
                "ENCRYPTION_KEY",
                ENCRYPTION_KEY,
                // What is never to be written must not be written here either.
                "LOG_LEVEL",
                "debug"));

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }

  private OwnEndpoints() {}

  static RunningServer server() {
    return Shared.SERVER;
  }

  /** Where its database listens, for a second process beside it. */
  static String databaseUrl() {
    try {
      String port =
          Files.readAllLines(DATA.resolve("postgres/postmaster.pid")).get(LINE_OF_THE_PORT);
      return "postgres://postgres@127.0.0.1:%s/postgres".formatted(port.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("carillon-it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
