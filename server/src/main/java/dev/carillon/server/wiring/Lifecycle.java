package dev.carillon.server.wiring;

import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.server.health.Health;
import dev.carillon.server.http.AccessLog;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.performing.PerformingFactory;
import dev.carillon.server.refresh.Refreshing;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.settings.Settings.AuthMode;
import dev.carillon.server.view.Viewing;
import dev.carillon.webhook.endpoint.Endpoint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.io.PrintStream;
import java.net.URI;

/** Greets when the server listens, and closes everything in order when it stops. */
@Singleton
public final class Lifecycle {

  private final Settings settings;
  private final AccessLog accessLog;
  private final Health health;
  private final HttpServer server;
  private final Performing performing;
  private final PerformingFactory factory;
  private final Refreshing refreshing;
  private final Viewing viewing;

  Lifecycle(
      Settings settings,
      AccessLog accessLog,
      Health health,
      HttpServer server,
      Performing performing,
      PerformingFactory factory,
      Refreshing refreshing,
      Viewing viewing) {
    this.settings = settings;
    this.accessLog = accessLog;
    this.health = health;
    this.server = server;
    this.performing = performing;
    this.factory = factory;
    this.refreshing = refreshing;
    this.viewing = viewing;
  }

  void starting(@Observes StartupEvent startup) {
    factory.start(performing);
    // The framework waits for requests in flight before it tells of a stop: streams would go on.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("carillon-streams-end").unstarted(viewing.feed()::close));
  }

  void started(@ObservesAsync HttpServerStart start) {
    health.report();
    greet(System.err, server.getPort());
  }

  void stopped(@Observes ShutdownEvent shutdown) {
    // Closed in reverse, each whatever becomes of the others.
    try (Serving _ = Handover.take();
        Health _ = health;
        AccessLog _ = accessLog;
        Viewing _ = viewing;
        Refreshing _ = refreshing) {
      // First: the engine waits for the drains that schedules began.
      refreshing.stop();
      viewing.stop();
      performing.close();
    }
  }

  private void greet(PrintStream people, int port) {
    String host = settings.http().host();
    String base = "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    people.println("Carillon listens on " + base);
    people.println("  progress  " + base + "/");
    people.println("  API docs  " + base + "/docs");
    people.println("  data      " + data());
    people.println("  token     " + token());
    people.println("  delivers  " + receiver());
    refreshing.source().ifPresent(source -> people.println("  refreshes " + refreshed(source)));
    people.flush();
  }

  /** Where messages go that nobody chose an endpoint for; a URL's path and query may be secret. */
  private String receiver() {
    return factory
        .endpoints()
        .find(Endpoint.DEFAULT_NAME)
        .map(Lifecycle::receiver)
        .orElse(
            "nothing yet: make an endpoint named %s (POST /v1/endpoints) or set WEBHOOK_URL"
                .formatted(Endpoint.DEFAULT_NAME));
  }

  private static String receiver(Endpoint endpoint) {
    URI url = endpoint.url();
    String to = "to %s: %s://%s".formatted(endpoint.name(), url.getScheme(), url.getRawAuthority());
    return endpoint.isEnabled() ? to : to + " (disabled: events wait)";
  }

  private String data() {
    return settings.database() == null
        ? settings.data().toAbsolutePath().normalize().toString()
        : settings.database().toString();
  }

  private String refreshed(String source) {
    RedisUrl redis = settings.refresh().redis();
    return "%s, its queue in %s".formatted(source, redis == null ? "the database" : redis);
  }

  private String token() {
    if (settings.access().mode() == AuthMode.NONE) {
      return "none needed: AUTH=none, everybody on this machine is an administrator";
    }
    return settings.access().jwtSecret() == null && settings.access().hasOidc()
        ? "from " + settings.access().oidcIssuer()
        : "./carillon token --role admin";
  }
}
