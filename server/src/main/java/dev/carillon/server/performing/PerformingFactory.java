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
import dev.carillon.schedule.CalendarFeeds;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.ScheduleRederivation;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.calendar.CalendarRefresh;
import dev.carillon.server.calendar.CalendarSource;
import dev.carillon.server.refresh.RefreshSchedule;
import dev.carillon.server.refresh.Refreshing;
import dev.carillon.server.schedule.target.SqlStatementsFile;
import dev.carillon.server.settings.InvalidSettings;
import dev.carillon.server.settings.SecretFile;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.view.ViewSchedule;
import dev.carillon.server.view.Viewing;
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
import dev.carillon.webhook.http.WebhookClient;
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
 * @param refreshing what schedules may drain
 * @param viewing what schedules may refresh
 */
public record PerformingFactory(
    Settings settings,
    Database database,
    DatabaseClock clock,
    MeterRegistry registry,
    Endpoints endpoints,
    Refreshing refreshing,
    Viewing viewing) {

  /**
   * The engine's own connections: two exchanges, the heartbeat, the traffic's, the planner's, the
   * upkeep's of schedules, and one to spare. A busy API must not cost a process its lease.
   */
  static final int ENGINE_POOL_SIZE = 7;

  /** How many calendars are fetched at once by this process. */
  static final int CALENDAR_CONNECTIONS = 8;

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
    SqlStatementsFile.read(settings);
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

  /** The schedules, which are planned and run. */
  public Schedules schedules(Performing performing) {
    return new Schedules(
        database.jdbi(), new Planner(TimeZones.ofJvm()), clock, performing::scheduleChanged);
  }

  /** The calendars, by which schedules are planned. */
  public Calendars calendars(Performing performing) {
    return new Calendars(database.jdbi(), clock, () -> performing.scheduleChanged(clock.instant()));
  }

  private CalendarRefresh calendarRefresh(Performing performing) {
    return new CalendarRefresh(
        new CalendarFeeds(
            database.jdbi(), clock, () -> performing.scheduleChanged(clock.instant())),
        new CalendarSource(
            new WebhookClient(client(CALENDAR_CONNECTIONS)), clock, settings.isLocalMode()));
  }

  /** Starts the upkeep and the engine. */
  public void start(Performing performing) {
    manageDefaultEndpoint();
    Database own = database.another(ENGINE_POOL_SIZE);
    Deliveries deliveries =
        new Deliveries(
            new Endpoints(own.jdbi(), new Vault(settings.encryptionKeys()), clock),
            // A connection for each event in flight: none waits for another's.
            client(settings.engine().concurrency()),
            new Deliveries.Databases(own, database),
            clock,
            () -> performing.hint(clock.instant()));
    Scheduling scheduling = scheduling(performing, deliveries, own);
    Engine engine = engine(performing, deliveries, scheduling, own);
    performing.start(new Performing.Running(engine, deliveries, scheduling, own));
    performing.start(housekeeping(performing, deliveries));
    refreshing.start();
    refreshing.source().ifPresent(name -> RefreshSchedule.require(schedules(performing), name));
    viewing.start(view -> ViewSchedule.require(schedules(performing), view));
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

  private ClientConfig client(int connections) {
    return new ClientConfig(
        ClientConfig.DEFAULT_CONNECT_TIMEOUT,
        connections,
        addresses(settings),
        NameResolver.SYSTEM,
        settings.egress().proxy(),
        WebhookTarget.USER_AGENT);
  }

  private Scheduling scheduling(Performing performing, Deliveries deliveries, Database own) {
    return new SchedulingFactory(
            settings, database, own, clock, registry, endpoints, refreshing, viewing)
        .make(schedules(performing), deliveries, performing::hint);
  }

  private Engine engine(
      Performing performing, Deliveries deliveries, Scheduling scheduling, Database own) {
    List<EventTypes.Registration> registrations =
        Stream.concat(
                Stream.concat(performing.types().stream(), Stream.of(deliveries.alerts()))
                    .map(type -> new EventTypes.Registration(type, deliveries.target())),
                Stream.of(scheduling.registration()))
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
        new Housekeeping.Parts(
            database,
            clock,
            new HistoryPartitions(
                database.jdbi(),
                settings.engine().historyMonths(),
                settings.engine().attemptDays()),
            new ScheduleRederivation(database.jdbi(), new Planner(TimeZones.ofJvm()), rederivation),
            users(performing),
            deliveries,
            endpoints,
            calendarRefresh(performing)));
  }

  private EngineConfig config() {
    Settings.Engine engine = settings.engine();
    return EngineConfig.of("carillon process " + ProcessHandle.current().pid())
        .withClaims(engine.claimBatch(), engine.concurrency())
        .withPollInterval(engine.pollInterval())
        .withRetry(RetryPolicy.DEFAULT.withMaxAttempts(engine.retryMaxAttempts()));
  }
}
