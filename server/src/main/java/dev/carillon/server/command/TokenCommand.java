package dev.carillon.server.command;

import dev.carillon.server.security.Role;
import dev.carillon.server.security.TokenIssuer;
import dev.carillon.server.security.TokenRules;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.server.wiring.Wiring;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code carillon token}. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Print a signed token for local work, good for the server of the same settings.")
final class TokenCommand implements Callable<Integer> {

  /** How long a token is good at most. */
  static final Duration LONGEST = Duration.ofDays(366);

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Option(names = "--role", required = true, description = "admin, user or service")
  private String role = "";

  @Option(names = "--user", paramLabel = "ID", description = "the user's id, for the role user")
  private @Nullable String user;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "how long it is good, such as 30m, 1h or 7d (${DEFAULT-VALUE})")
  private String expires = "1h";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Role chosen =
        Role.named(role).orElseThrow(() -> usage("--role: admin, user or service is allowed"));
    Duration validFor =
        TimeSpan.parse(expires)
            .filter(time -> time.isPositive() && time.compareTo(LONGEST) <= 0)
            .orElseThrow(() -> usage("--expires: " + TimeSpan.ALLOWED + " up to 366d is allowed"));
    String subject = subject(chosen);
    Settings settings = options.read(System.getenv(), Map.of());
    TokenRules rules = Wiring.tokenRules(settings, Clock.systemUTC());
    if (rules.secret() == null) {
      throw new CommandFailed(
          1, "tokens come from the OpenID Connect issuer: JWT_SECRET is not set");
    }
    println(new TokenIssuer(rules).issue(chosen, subject, validFor));
    return 0;
  }

  private String subject(Role chosen) {
    if (chosen != Role.USER) {
      return user == null ? "local-" + chosen.spelled() : user;
    }
    if (user == null) {
      throw usage("--user: the role user needs the user's id");
    }
    try {
      return UUID.fromString(user).toString();
    } catch (IllegalArgumentException e) {
      throw usage("--user: a UUID is allowed");
    }
  }

  private void println(String token) {
    if (spec != null) {
      spec.commandLine().getOut().println(token);
      spec.commandLine().getOut().flush();
    }
  }

  private static CommandFailed usage(String message) {
    return new CommandFailed(2, message);
  }
}
