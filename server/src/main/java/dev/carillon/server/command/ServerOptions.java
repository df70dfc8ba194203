package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.security.Role;
import dev.carillon.server.security.TokenIssuer;
import dev.carillon.server.security.TokenRules;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.settings.Settings.AuthMode;
import dev.carillon.server.wiring.Wiring;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that ask a server. */
final class ServerOptions {

  /** How long a token is good that a command makes for itself. */
  static final Duration TOKEN_EXPIRES = Duration.ofMinutes(10);

  private static final int INVALID = 2;
  private static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "where the server is (CARILLON_URL, " + DEFAULT_URL + ")")
  private @Nullable String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "who asks (CARILLON_TOKEN; else a token of the settings, as carillon token makes)")
  private @Nullable String token;

  @Option(names = "--json", description = "print JSON, for programs")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** A client of the server; to be closed. */
  ServerClient client() {
    return client(System.getenv());
  }

  ServerClient client(Map<String, String> environment) {
    URI base = base(environment);
    String given = token == null ? environment.getOrDefault("CARILLON_TOKEN", "") : token;
    return new ServerClient(base, given.isBlank() ? ownToken(base, environment) : given.strip());
  }

  PrintWriter out() {
    if (spec == null) {
      throw new IllegalStateException("a command runs in a command line");
    }
    return spec.commandLine().getOut();
  }

  /** Prints an answer for programs, if that was asked for. */
  boolean printed(JsonNode answer) {
    if (json) {
      out().println(answer);
      out().flush();
    }
    return json;
  }

  private URI base(Map<String, String> environment) {
    String text = url == null ? environment.getOrDefault("CARILLON_URL", "") : url;
    String name = url == null ? "CARILLON_URL" : "--url";
    String base = text.isBlank() ? DEFAULT_URL : text.strip().replaceAll("/+$", "");
    try {
      URI uri = URI.create(base);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getRawQuery() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new CommandFailed(INVALID, name + ": a URL such as " + DEFAULT_URL + " is allowed");
  }

  /** A token of the settings; a secret of this machine is of no use elsewhere. */
  private @Nullable String ownToken(URI base, Map<String, String> environment) {
    Settings read = settings.read(environment, Map.of());
    boolean isHere = LOOPBACK.contains(base.getHost());
    if (read.access().mode() == AuthMode.NONE || (read.access().jwtSecret() == null && !isHere)) {
      return null;
    }
    TokenRules rules = Wiring.tokenRules(read, Clock.systemUTC());
    return rules.secret() == null
        ? null
        : new TokenIssuer(rules).issue(Role.ADMIN, "local-admin", TOKEN_EXPIRES);
  }
}
