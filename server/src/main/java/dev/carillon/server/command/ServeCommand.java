package dev.carillon.server.command;

import dev.carillon.server.performing.PerformingFactory;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.settings.Stage;
import dev.carillon.server.wiring.Handover;
import dev.carillon.server.wiring.Serving;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code carillon serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Run the server: the API, and the engine that performs events when they are due.",
    footer = {
      "",
      "Settings come from the environment: DATABASE_URL, CARILLON_DATA, HOST, PORT, AUTH,",
      "JWT_SECRET, OIDC_ISSUER, WEBHOOK_URL, WEBHOOK_SECRET and more: see docs/operations.md."
    })
final class ServeCommand implements Callable<Integer> {

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Option(names = "--host", description = "listen on this address (HOST, 127.0.0.1)")
  private @Nullable String host;

  @Option(names = "--port", description = "listen on this port; 0 for any (PORT, 8080)")
  private @Nullable String port;

  @Override
  public Integer call() {
    Settings settings = options.read(System.getenv(), flags());
    PerformingFactory.check(settings, InstantSource.system());
    requireFreePort(settings.http());
    configureFramework(settings);
    AtomicInteger exit = new AtomicInteger();
    try (Serving serving = Serving.open(settings)) {
      Handover.give(serving);
      Quarkus.run(null, (code, _) -> exit.set(code));
    }
    return exit.get();
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    if (host != null) {
      flags.put("HOST", host);
    }
    if (port != null) {
      flags.put("PORT", port);
    }
    return flags;
  }

  private static void requireFreePort(Settings.Http http) {
    try (ServerSocket socket =
        new ServerSocket(http.port(), 1, InetAddress.getByName(http.host()))) {
      socket.getLocalPort();
    } catch (IOException e) {
      throw new CommandFailed(
          1, "cannot listen on %s port %d: %s".formatted(http.host(), http.port(), e.getMessage()));
    }
  }

  private static void configureFramework(Settings settings) {
    Settings.Http http = settings.http();
    set("quarkus.http.host", http.host());
    set("quarkus.http.port", Integer.toString(http.port()));
    set("quarkus.log.category.\"dev.carillon\".level", settings.logLevel().name());
    set("quarkus.log.console.json.enabled", Boolean.toString(settings.stage() != Stage.LOCAL));
    set("quarkus.shutdown.timeout", settings.engine().shutdownTimeout().toString());
    // The framework refuses a bad URI before any log line or problem document: Entrance does it.
    set("vertx.disableURIValidation", "true");
    if (!http.corsOrigins().isEmpty()) {
      set("quarkus.http.cors.enabled", "true");
      set("quarkus.http.cors.origins", String.join(",", http.corsOrigins()));
    }
  }

  private static void set(String name, String value) {
    System.setProperty(name, value);
  }
}
