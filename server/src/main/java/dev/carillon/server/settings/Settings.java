package dev.carillon.server.settings;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.webhook.address.Cidr;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.http.ProxyAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has set.
 *
 * @param stage where the process runs
 * @param logLevel the least important log lines that are written
 * @param data the folder for what the process keeps itself: the embedded database and secrets
 * @param database where the database is; null for the embedded one in {@code data}
 * @param http how the API is reached
 * @param access who may use it
 * @param delivery where events go
 * @param egress where they may go, and on what way
 * @param encryption how secrets are kept
 * @param engine how they are performed
 * @param scheduling what schedules may do
 * @param refresh which upstream records are kept fresh
 */
public record Settings(
    Stage stage,
    LogLevel logLevel,
    Path data,
    Database.@Nullable Address database,
    Http http,
    Access access,
    Delivery delivery,
    Egress egress,
    Encryption encryption,
    Engine engine,
    Scheduling scheduling,
    Refresh refresh) {

  /** Every variable that is read. */
  public static final Set<String> NAMES = new TreeSet<>(SettingsReader.NAMES);

  /**
   * How the API is reached.
   *
   * @param host the address to listen on
   * @param port the port to listen on; 0 for any that is free
   * @param corsOrigins the origins whose pages may call the API
   * @param throttleRate requests a second, sustained
   * @param throttleBurst requests at once, after a quiet time
   */
  public record Http(
      String host, int port, List<String> corsOrigins, int throttleRate, int throttleBurst) {
    public Http {
      requireNonNull(host, "host is null");
      corsOrigins = List.copyOf(corsOrigins);
    }
  }

  /** How callers prove who they are. */
  public enum AuthMode {
    /** With a token or an API key. */
    JWT,
    /** Not at all: everybody is an administrator. For local work; listens on loopback only. */
    NONE
  }

  /**
   * Who may use the API.
   *
   * @param mode how callers prove it
   * @param jwtSecret the key of HS256 tokens; null if none is set
   * @param jwtIssuer what the {@code iss} of HS256 tokens must be; null if anything
   * @param jwtAudience what must be in the {@code aud} of every token; null if nothing, which only
   *     HS256 tokens may have
   * @param oidcIssuer the OpenID Connect issuer whose tokens are accepted; null if none
   * @param jwksUrl where its keys are; null if its discovery document says
   */
  public record Access(
      AuthMode mode,
      @Nullable String jwtSecret,
      @Nullable String jwtIssuer,
      @Nullable String jwtAudience,
      @Nullable URI oidcIssuer,
      @Nullable URI jwksUrl) {
    public Access {
      requireNonNull(mode, "mode is null");
    }

    /** Whether tokens of an OpenID Connect issuer are accepted. */
    public boolean hasOidc() {
      return oidcIssuer != null || jwksUrl != null;
    }

    @Override
    public String toString() {
      return "Access[mode=%s, jwtSecret=%s, oidcIssuer=%s]"
          .formatted(mode, jwtSecret == null ? "none" : "hidden", oidcIssuer);
    }
  }

  /**
   * Where events go.
   *
   * @param webhookUrl the receiver; null if none is set
   * @param webhookSecrets the signing secrets, the current one first; empty if none is set
   * @param eventTypesFile more event types than BIRTHDAY; null if none
   */
  public record Delivery(
      @Nullable URI webhookUrl, List<String> webhookSecrets, @Nullable Path eventTypesFile) {
    public Delivery {
      webhookSecrets = List.copyOf(webhookSecrets);
    }

    @Override
    public String toString() {
      return "Delivery[eventTypesFile=%s]".formatted(eventTypesFile);
    }
  }

  /**
   * Where messages may go, and on what way.
   *
   * @param allowedCidrs internal networks that endpoints may be in, as {@code 10.1.0.0/16}
   * @param allowHttp whether endpoints may be without TLS
   * @param allowedPorts ports that endpoints may have beside the usual ones
   * @param proxy the forward proxy that they leave by; null if none
   */
  public record Egress(
      List<Cidr> allowedCidrs,
      boolean allowHttp,
      Set<Integer> allowedPorts,
      @Nullable ProxyAddress proxy) {
    public Egress {
      allowedCidrs = List.copyOf(allowedCidrs);
      allowedPorts = Set.copyOf(allowedPorts);
    }
  }

  /**
   * How secrets are kept.
   *
   * @param keys the keys that encrypt them, the current one first; empty if none is set: then one
   *     is kept in the data folder
   */
  public record Encryption(List<EncryptionKey> keys) {
    public Encryption {
      keys = List.copyOf(keys);
    }
  }

  /**
   * How events are performed.
   *
   * @param claimBatch how many events one claim takes at most
   * @param concurrency how many events are performed at once at most
   * @param retryMaxAttempts how many attempts an event gets in all
   * @param pollInterval how long the engine sleeps at most
   * @param shutdownTimeout how long a stop waits for what is in flight
   * @param attemptDays how many whole days of the attempts log are kept
   * @param historyMonths how many whole months of ended events are kept; more than a year, since
   *     they say which years are used up
   */
  public record Engine(
      int claimBatch,
      int concurrency,
      int retryMaxAttempts,
      Duration pollInterval,
      Duration shutdownTimeout,
      int attemptDays,
      int historyMonths) {
    public Engine {
      requireNonNull(pollInterval, "pollInterval is null");
      requireNonNull(shutdownTimeout, "shutdownTimeout is null");
    }
  }

  /**
   * What schedules may do.
   *
   * @param sqlStatementsFile the SQL statements that they may run; null if none
   */
  public record Scheduling(@Nullable Path sqlStatementsFile) {}

  /**
   * Which upstream records are kept fresh.
   *
   * @param clash how the Clash of Clans API is called; null if it is not
   * @param redis where the queue is; null for the database
   * @param inbox the list in Redis that others put requests into
   */
  public record Refresh(@Nullable ClashSettings clash, @Nullable RedisUrl redis, String inbox) {
    public Refresh {
      requireNonNull(inbox, "inbox is null");
    }
  }

  public Settings {
    requireNonNull(stage, "stage is null");
    requireNonNull(logLevel, "logLevel is null");
    requireNonNull(data, "data is null");
    requireNonNull(http, "http is null");
    requireNonNull(access, "access is null");
    requireNonNull(delivery, "delivery is null");
    requireNonNull(egress, "egress is null");
    requireNonNull(encryption, "encryption is null");
    requireNonNull(engine, "engine is null");
    requireNonNull(scheduling, "scheduling is null");
    requireNonNull(refresh, "refresh is null");
  }

  /**
   * Whether this is a laptop: not in any other stage, and reached from this machine only. Then
   * endpoints may be on it too, and without TLS.
   */
  public boolean isLocalMode() {
    return stage == Stage.LOCAL && SettingsReader.LOOPBACK.matcher(http.host()).matches();
  }

  /** The keys that encrypt secrets: those that are set, or the one kept in the data folder. */
  public List<EncryptionKey> encryptionKeys() {
    return encryption.keys().isEmpty()
        ? List.of(EncryptionKey.parse(SecretFile.encryption(data)))
        : encryption.keys();
  }

  /**
   * Reads the settings.
   *
   * @param values what is set, by variable; unknown names mean nothing
   * @throws InvalidSettings with everything that is wrong
   */
  public static Settings from(Map<String, String> values) {
    return new SettingsReader(values).read();
  }
}
