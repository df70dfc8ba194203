package dev.carillon.server.performing;

import dev.carillon.birthday.EventTypesFile;
import dev.carillon.birthday.Users;
import dev.carillon.birthday.YearlyEventType;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EventTypes;
import dev.carillon.engine.Rederivation;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.HistoryPartitions;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.postgres.PostgresTimeZoneStore;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.server.settings.InvalidSettings;
import dev.carillon.server.settings.SecretFile;
import dev.carillon.server.settings.Settings;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.delivery.EndpointAlerts;
import dev.carillon.webhook.delivery.WebhookTarget;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.Secrets;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.sign.SigningKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engine of this process from its settings.
 *
 * @param settings what the operator set
 * @param database the pool
 * @param clock the database's clock
 * @param registry the metrics
 * @param endpoints where events go
 */
public record PerformingFactory(
    Settings settings,
    Database database,
    DatabaseClock clock,
    MeterRegistry registry,
    Endpoints endpoints) {

  /**
   * The engine's own connections: two exchanges, the heartbeat, the traffic's, and one to spare. A
   * busy API must not cost a process its lease.
   */
  static final int ENGINE_POOL_SIZE = 5;

  /**
   * The event types that are configured.
   *
   * @throws InvalidSettings if the file cannot be read; the message says what to mend
   */
  public static List<YearlyEventType> types(Settings settings, EventIds ids) {
    @Nullable Path file = settings.delivery().eventTypesFile();
    if (file == null) {
      return List.of(YearlyEventType.birthday(TimeZones.ofJvm(), ids));
    }
    try {
      return EventTypesFile.parse(Files.readString(file), TimeZones.ofJvm(), ids);
    } catch (IOException e) {
      throw new InvalidSettings(
          List.of("EVENT_TYPES_FILE: %s cannot be read as a text in UTF-8".formatted(file)));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettings(
          List.of("EVENT_TYPES_FILE: %s: %s".formatted(file, e.getMessage())));
    }
  }

  /**
   * Checks what only the making would find out.
   *
   * @throws InvalidSettings if an engine cannot be made of these settings
   */
  public static void check(Settings settings, InstantSource clock) {
    for (YearlyEventType type : types(settings, new EventIds(clock))) {
      requireUsable(type);
    }
    requireReceiver(settings);
  }

  /** Which addresses may be dialled: in local mode also those of this machine, and without TLS. */
  public static AddressPolicy addresses(Settings settings) {
    Settings.Egress egress = settings.egress();
    AddressPolicy policy =
        AddressPolicy.strict().withAllowed(egress.allowedCidrs()).withPorts(egress.allowedPorts());
    AddressPolicy http = egress.allowHttp() || settings.isLocalMode() ? policy.withHttp() : policy;
    return settings.isLocalMode() ? http.withLoopback() : http;
  }

  private static void requireUsable(YearlyEventType type) {
    if (type.name().equals(EndpointAlerts.NAME)) {
      throw new InvalidSettings(
          List.of("EVENT_TYPES_FILE: the name %s is taken".formatted(type.name())));
    }
    String endpoint = type.endpoint();
    if (endpoint != null && !Endpoint.isName(endpoint)) {
      throw new InvalidSettings(
          List.of(
              "EVENT_TYPES_FILE: the endpoint of %s must be a name: %s"
                  .formatted(type.name(), Endpoint.NAME_ALLOWED)));
    }
  }

  private static void requireReceiver(Settings settings) {
    URI url = settings.delivery().webhookUrl();
    if (url == null) {
      return;
    }
    if (addresses(settings).check(url.toString()) instanceof Verdict.Refused refused) {
      throw new InvalidSettings(
          List.of(
              "WEBHOOK_URL: "
                  + refused.reason()
                  + "; WEBHOOK_ALLOWED_CIDRS, WEBHOOK_ALLOWED_PORTS and WEBHOOK_ALLOW_HTTP allow more"));
    }
  }

  /** Those that are set, else those that the endpoint has, else one kept in the data folder. */
  private List<SigningKey> signingKeys() {
    List<String> set = settings.delivery().webhookSecrets();
    if (!set.isEmpty()) {
      return set.stream().map(SigningKey::parse).toList();
    }
    return endpoints
        .find(Endpoint.DEFAULT_NAME)
        .flatMap(endpoint -> endpoints.secrets(endpoint.id(), clock.instant()))
        .map(Secrets::keys)
        .filter(keys -> !keys.isEmpty())
        .orElseGet(() -> List.of(SigningKey.parse(SecretFile.webhook(settings.data()))));
  }

  /** What is performed, not yet started. */
  public Performing make() {
    return new Performing(
        types(settings, new EventIds(clock)),
        new EventOperations(database.jdbi()),
        clock,
        settings.engine().shutdownTimeout());
  }

  /** The users, whose events are performed. */
  public Users users(Performing performing) {
    // What is answered to a change is what the database keeps of it.
    InstantSource stored = () -> clock.instant().truncatedTo(ChronoUnit.MICROS);
    return new Users(database.jdbi(), performing.types(), stored, performing::hint);
  }

  /** Starts the upkeep and the engine. */
  public void start(Performing performing) {
    manageDefaultEndpoint();
    Database own = database.another(ENGINE_POOL_SIZE);
    Deliveries deliveries =
        new Deliveries(
            new Endpoints(own.jdbi(), new Vault(settings.encryptionKeys()), clock),
            client(),
            new Deliveries.Databases(own, database),
            clock,
            () -> performing.hint(clock.instant()));
    performing.start(engine(performing, deliveries, own), deliveries, own);
    performing.start(housekeeping(performing, deliveries));
  }

  /** The endpoint that WEBHOOK_URL asks for, if it does. */
  private void manageDefaultEndpoint() {
    URI url = settings.delivery().webhookUrl();
    if (url == null) {
      endpoints.releaseManaged();
    } else {
      endpoints.upsertManaged(Endpoint.DEFAULT_NAME, url, signingKeys());
    }
  }

  private ClientConfig client() {
    // A connection for each event in flight: none waits for another's.
    return new ClientConfig(
        ClientConfig.DEFAULT_CONNECT_TIMEOUT,
        settings.engine().concurrency(),
        addresses(settings),
        NameResolver.SYSTEM,
        settings.egress().proxy(),
        WebhookTarget.USER_AGENT);
  }

  private Engine engine(Performing performing, Deliveries deliveries, Database own) {
    List<EventTypes.Registration> registrations =
        Stream.concat(performing.types().stream(), Stream.of(deliveries.alerts()))
            .map(type -> new EventTypes.Registration(type, deliveries.target()))
            .toList();
    return new Engine(
        new Engine.Parts(
            config(),
            new PostgresEventStore(own.jdbi()),
            new EventTypes(registrations),
            clock,
            new EngineMetrics(
                registry, performing.types().stream().map(YearlyEventType::name).toList()),
            deliveries.control()));
  }

  private Housekeeping housekeeping(Performing performing, Deliveries deliveries) {
    Rederivation rederivation =
        new Rederivation(
            new PostgresTimeZoneStore(database.jdbi()), WallClock.keeping(TimeZones.ofJvm()));
    return new Housekeeping(
        clock,
        new HistoryPartitions(
            database.jdbi(), settings.engine().historyMonths(), settings.engine().attemptDays()),
        rederivation,
        users(performing),
        deliveries,
        endpoints);
  }

  private EngineConfig config() {
    Settings.Engine engine = settings.engine();
    return EngineConfig.of("carillon process " + ProcessHandle.current().pid())
        .withClaims(engine.claimBatch(), engine.concurrency())
        .withPollInterval(engine.pollInterval())
        .withRetry(RetryPolicy.DEFAULT.withMaxAttempts(engine.retryMaxAttempts()));
  }
}
