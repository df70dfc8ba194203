package dev.carillon.server.settings;

import dev.carillon.postgres.Database;
import dev.carillon.server.settings.Settings.Access;
import dev.carillon.server.settings.Settings.AuthMode;
import dev.carillon.server.settings.Settings.Delivery;
import dev.carillon.server.settings.Settings.Egress;
import dev.carillon.server.settings.Settings.Encryption;
import dev.carillon.server.settings.Settings.Engine;
import dev.carillon.server.settings.Settings.Http;
import dev.carillon.server.settings.Settings.Scheduling;
import dev.carillon.webhook.address.Cidr;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.http.ProxyAddress;
import dev.carillon.webhook.sign.Hmac;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the variables of {@link Settings}, with their defaults and what each allows. */
final class SettingsReader {

  static final Set<String> NAMES =
      Set.of(
          "ATTEMPT_DAYS",
          "AUTH",
          "CARILLON_DATA",
          "CLAIM_BATCH",
          "COC_BASE_URL",
          "COC_EMAIL",
          "COC_KEYS",
          "COC_PASSWORD",
          "COC_PORTAL_URL",
          "COC_REQS_PER_SEC",
          "CONCURRENCY",
          "CORS_ORIGINS",
          "DATABASE_POOL_SIZE",
          "DATABASE_URL",
          "ENCRYPTION_KEY",
          "ENVIRONMENT",
          "EVENT_TYPES_FILE",
          "HISTORY_MONTHS",
          "HOST",
          "JWT_AUDIENCE",
          "JWT_ISSUER",
          "JWT_SECRET",
          "LOG_LEVEL",
          "OIDC_ISSUER",
          "OIDC_JWKS_URL",
          "POLL_INTERVAL",
          "PORT",
          "REDIS_URL",
          "REFRESH_INBOX",
          "RETRY_MAX_ATTEMPTS",
          "SHUTDOWN_TIMEOUT",
          "SQL_STATEMENTS_FILE",
          "THROTTLE_BURST",
          "THROTTLE_RATE",
          "WEBHOOK_ALLOWED_CIDRS",
          "WEBHOOK_ALLOWED_PORTS",
          "WEBHOOK_ALLOW_HTTP",
          "WEBHOOK_PROXY",
          "WEBHOOK_SECRET",
          "WEBHOOK_URL");

  /** The fewest bytes of an HS256 key, by RFC 7518, section 3.2. */
  static final int MIN_JWT_SECRET_BYTES = 32;

  private static final int MAX_PORT = 65_535;
  private static final int MAX_POOL = 200;
  private static final int MAX_RATE = 1_000_000;
  private static final int MAX_CLAIM_BATCH = 1_000;
  private static final int MAX_CONCURRENCY = 10_000;
  private static final int MAX_ATTEMPTS = 100;
  private static final int MAX_ATTEMPT_DAYS = 3_650;
  // The last year's events say which years are used up: without them a year could be told twice.
  private static final int MIN_HISTORY_MONTHS = 13;
  private static final int MAX_HISTORY_MONTHS = 1_200;
  // Literals, and the one name that always means loopback (RFC 6761, section 6.3): what any other
  // name means is up to a resolver.
  static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1|\\[::1]");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_\\-\\[\\]%]{1,253}");
  private static final Pattern ORIGIN =
      Pattern.compile("https?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?");

  private final Variables variables;

  SettingsReader(Map<String, String> values) {
    this.variables = new Variables(values);
  }

  Settings read() {
    Settings settings =
        new Settings(
            variables.choice("ENVIRONMENT", Stage.LOCAL),
            variables.choice("LOG_LEVEL", LogLevel.INFO),
            variables.read(
                "CARILLON_DATA", Path.of("data"), "a folder's path", SettingsReader::path),
            database(),
            http(),
            access(),
            delivery(),
            egress(),
            encryption(),
            engine(),
            new Scheduling(file("SQL_STATEMENTS_FILE")),
            new RefreshReader(variables).read());
    requireLoopbackWithoutAuthentication(settings);
    requireEncryptionKey(settings);
    if (!variables.problems().isEmpty()) {
      throw new InvalidSettings(variables.problems());
    }
    return settings;
  }

  private Database.@Nullable Address database() {
    int poolSize =
        variables.integer("DATABASE_POOL_SIZE", Database.Address.DEFAULT_POOL_SIZE, 1, MAX_POOL);
    return variables.secret(
        "DATABASE_URL", DatabaseUrl.ALLOWED, text -> DatabaseUrl.parse(text, poolSize));
  }

  private Http http() {
    return new Http(
        variables.read(
            "HOST",
            "127.0.0.1",
            "an address or a name of this machine",
            text -> Optional.of(text).filter(HOST.asMatchPredicate())),
        variables.integer("PORT", 8080, 0, MAX_PORT),
        variables.read(
            "CORS_ORIGINS",
            List.of(),
            "a comma list of origins such as https://app.example.com, without a path; no *",
            SettingsReader::origins),
        variables.integer("THROTTLE_RATE", 500, 1, MAX_RATE),
        variables.integer("THROTTLE_BURST", 1000, 1, MAX_RATE));
  }

  private Access access() {
    String allowed = "a text of at least %d bytes".formatted(MIN_JWT_SECRET_BYTES);
    URI oidcIssuer = variables.url("OIDC_ISSUER");
    URI jwksUrl = variables.url("OIDC_JWKS_URL");
    Access access =
        new Access(
            variables.choice("AUTH", AuthMode.JWT),
            variables.secret("JWT_SECRET", allowed, SettingsReader::jwtSecret),
            variables.text("JWT_ISSUER"),
            variables.text("JWT_AUDIENCE"),
            oidcIssuer,
            jwksUrl);
    requireOwnTokens(access);
    return access;
  }

  /** An OpenID Connect issuer signs tokens for other applications, and its keys for others too. */
  private void requireOwnTokens(Access access) {
    if (access.hasOidc() && access.jwtAudience() == null) {
      variables.problem(
          "JWT_AUDIENCE is not set: with OIDC_ISSUER or OIDC_JWKS_URL it is needed, "
              + "or tokens for the issuer's other applications would be accepted too");
    }
    if (access.jwksUrl() != null && access.oidcIssuer() == null && access.jwtIssuer() == null) {
      variables.problem(
          "OIDC_ISSUER and JWT_ISSUER are not set: with OIDC_JWKS_URL one of them is needed, "
              + "or tokens of every issuer with these keys would be accepted");
    }
  }

  private Delivery delivery() {
    String allowed =
        "whsec_ and the base64 of %d to %d bytes, several separated by blanks"
            .formatted(Hmac.MIN_BYTES, Hmac.MAX_BYTES);
    List<String> secrets =
        variables.secret("WEBHOOK_SECRET", allowed, SettingsReader::webhookSecrets);
    return new Delivery(
        variables.url("WEBHOOK_URL"),
        secrets == null ? List.of() : secrets,
        file("EVENT_TYPES_FILE"));
  }

  private Egress egress() {
    return new Egress(
        variables.list(
            "WEBHOOK_ALLOWED_CIDRS",
            "a comma list of networks such as 10.1.0.0/16, fd00:1::/32",
            text -> parsed(Cidr::parse, text)),
        variables.flag("WEBHOOK_ALLOW_HTTP"),
        new HashSet<>(
            variables.list(
                "WEBHOOK_ALLOWED_PORTS",
                "a comma list of ports from 1 to %d".formatted(MAX_PORT),
                text -> Variables.integer(text, 1, MAX_PORT))),
        variables.secret(
            "WEBHOOK_PROXY",
            "http://user:password@host:port",
            text -> parsed(ProxyAddress::parse, text)));
  }

  private Encryption encryption() {
    List<EncryptionKey> keys =
        variables.secret(
            "ENCRYPTION_KEY", EncryptionKey.ALLOWED, text -> parsed(EncryptionKey::parseAll, text));
    return new Encryption(keys == null ? List.of() : keys);
  }

  /** Processes that share a database would each make a key of their own. */
  private void requireEncryptionKey(Settings settings) {
    boolean shared = settings.database() != null && settings.stage() != Stage.LOCAL;
    if (shared && variables.text("ENCRYPTION_KEY") == null) {
      variables.problem(
          "ENCRYPTION_KEY is not set: with DATABASE_URL it is needed everywhere but with"
              + " ENVIRONMENT=local, and every process needs the same: "
              + EncryptionKey.ALLOWED);
    }
  }

  private @Nullable Path file(String name) {
    String text = variables.text(name);
    return text == null
        ? null
        : variables.read(name, Path.of(""), "a file's path", SettingsReader::path);
  }

  private Engine engine() {
    return new Engine(
        variables.integer("CLAIM_BATCH", 100, 1, MAX_CLAIM_BATCH),
        variables.integer("CONCURRENCY", 2_000, 1, MAX_CONCURRENCY),
        variables.integer("RETRY_MAX_ATTEMPTS", 16, 1, MAX_ATTEMPTS),
        variables.duration(
            "POLL_INTERVAL", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofMinutes(1)),
        variables.duration(
            "SHUTDOWN_TIMEOUT", Duration.ofSeconds(20), Duration.ZERO, Duration.ofMinutes(10)),
        variables.integer("ATTEMPT_DAYS", 30, 1, MAX_ATTEMPT_DAYS),
        variables.integer("HISTORY_MONTHS", 24, MIN_HISTORY_MONTHS, MAX_HISTORY_MONTHS));
  }

  private void requireLoopbackWithoutAuthentication(Settings settings) {
    String host = settings.http().host();
    if (settings.access().mode() == AuthMode.NONE && !LOOPBACK.matcher(host).matches()) {
      variables.problem(
          "HOST is \"%s\": without authentication (AUTH=none) only 127.0.0.1, ::1 or localhost is allowed"
              .formatted(host));
    }
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> jwtSecret(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= MIN_JWT_SECRET_BYTES ? Optional.of(text) : Optional.empty();
  }

  private static Optional<List<String>> origins(String text) {
    List<String> origins =
        Stream.of(text.split(",")).map(String::strip).filter(o -> !o.isEmpty()).toList();
    boolean good = origins.stream().allMatch(ORIGIN.asMatchPredicate());
    return good ? Optional.of(origins) : Optional.empty();
  }

  /** What a parser that throws makes of a text; its words, which may repeat the text, are lost. */
  private static <T> Optional<T> parsed(Function<String, T> parse, String text) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> webhookSecrets(String text) {
    List<String> secrets = new ArrayList<>(Arrays.asList(text.split("\\s+")));
    return secrets.stream().allMatch(SettingsReader::isWebhookSecret)
        ? Optional.of(secrets)
        : Optional.empty();
  }

  private static boolean isWebhookSecret(String text) {
    try {
      return SigningKey.parse(text).kind() == SignatureKind.V1;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
