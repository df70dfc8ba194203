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
import dev.carillon.webhook.delivery.WebhookConfig;
import dev.carillon.webhook.delivery.WebhookTarget;
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
import org.jspecify.annotations.Nullable;

/**
 * Makes the engine of this process from its settings.
 *
 * @param settings what the operator set
 * @param database the pool
 * @param clock the database's clock
 * @param registry the metrics
 */
public record PerformingFactory(
    Settings settings, Database database, DatabaseClock clock, MeterRegistry registry) {

  /**
   * The engine's own connections: two exchanges, the heartbeat, and one to spare. A busy API must
   * not cost a process its lease.
   */
  static final int ENGINE_POOL_SIZE = 4;

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
    types(settings, new EventIds(clock));
    receiver(settings);
  }

  /** The receiver that events are delivered to; null if none is set. */
  private static @Nullable WebhookConfig receiver(Settings settings) {
    @Nullable URI url = settings.delivery().webhookUrl();
    if (url == null) {
      return null;
    }
    List<String> set = settings.delivery().webhookSecrets();
    List<String> secrets = set.isEmpty() ? List.of(SecretFile.webhook(settings.data())) : set;
    List<SigningKey> keys = secrets.stream().map(SigningKey::parse).toList();
    try {
      // A connection for each event in flight: none waits for another's.
      return new WebhookConfig(
          url,
          keys,
          ClientConfig.DEFAULT_CONNECT_TIMEOUT,
          WebhookConfig.DEFAULT_TOTAL_TIMEOUT,
          settings.engine().concurrency());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettings(List.of("WEBHOOK_URL, WEBHOOK_SECRET: " + e.getMessage()));
    }
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

  /** Starts the upkeep, and the engine if there is a receiver to deliver to. */
  public void start(Performing performing) {
    performing.start(housekeeping(users(performing)));
    WebhookConfig receiver = receiver(settings);
    if (receiver != null) {
      WebhookTarget target = new WebhookTarget(receiver, clock);
      Database own = database.another(ENGINE_POOL_SIZE);
      performing.start(engine(performing, target, own), target, own);
    }
  }

  private Engine engine(Performing performing, WebhookTarget target, Database own) {
    List<EventTypes.Registration> registrations =
        performing.types().stream().map(t -> new EventTypes.Registration(t, target)).toList();
    return new Engine(
        new Engine.Parts(
            config(),
            new PostgresEventStore(own.jdbi()),
            new EventTypes(registrations),
            clock,
            new EngineMetrics(
                registry, performing.types().stream().map(YearlyEventType::name).toList())));
  }

  private Housekeeping housekeeping(Users users) {
    Rederivation rederivation =
        new Rederivation(
            new PostgresTimeZoneStore(database.jdbi()), WallClock.keeping(TimeZones.ofJvm()));
    return new Housekeeping(
        clock,
        new HistoryPartitions(database.jdbi(), settings.engine().historyMonths(), 30),
        rederivation,
        users);
  }

  private EngineConfig config() {
    Settings.Engine engine = settings.engine();
    return EngineConfig.of("carillon process " + ProcessHandle.current().pid())
        .withClaims(engine.claimBatch(), engine.concurrency())
        .withPollInterval(engine.pollInterval())
        .withRetry(RetryPolicy.DEFAULT.withMaxAttempts(engine.retryMaxAttempts()));
  }
}
