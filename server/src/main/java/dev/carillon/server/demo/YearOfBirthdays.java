package dev.carillon.server.demo;

import static java.util.Objects.requireNonNull;

import dev.carillon.birthday.User;
import dev.carillon.birthday.UserDetails;
import dev.carillon.birthday.Users;
import dev.carillon.birthday.YearlyEventType;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventStatus;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.delivery.Receiver;
import dev.carillon.webhook.delivery.WebhookTarget;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The demo: users all over the world, a receiver that fails now and then, and the engine as in
 * production, on a clock that jumps from one due event to the next for a whole year.
 */
final class YearOfBirthdays implements AutoCloseable {

  static final int YEAR = 2027;

  /**
   * From here to {@link #END} each user's local time comes to nine on the birthday exactly once.
   */
  static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

  static final Instant END = Instant.parse("2028-01-01T00:00:00Z");
  static final Instant DOWN_FROM = Instant.parse("2027-07-01T12:00:00Z");
  static final Instant DOWN_TO = DOWN_FROM.plus(Duration.ofHours(36));

  private static final long SEED = 20_270_101;

  private final Database database;
  private final int userCount;
  private final Progress progress;
  private final SettableClock clock = new SettableClock(START);
  private final SigningKey key = SigningKey.generate();
  private final Population population = new Population(SEED);
  private final Observer observer = new Observer();
  private final WebhookReceiver receiver;
  private final WebhookClient client;
  private final WebhookTarget target;
  private final YearlyEventType birthdays;
  private final EventOperations operations;

  YearOfBirthdays(Database database, int userCount, Progress progress) {
    this.database = requireNonNull(database, "database is null");
    this.userCount = userCount;
    this.progress = progress;
    this.receiver = WebhookReceiver.start(clock, List.of(key.secret()));
    receiver.answer(observer::receive);
    this.client =
        new WebhookClient(
            new ClientConfig(
                ClientConfig.DEFAULT_CONNECT_TIMEOUT,
                ClientConfig.MOST_CONNECTIONS,
                AddressPolicy.strict().withLoopback().withHttp(),
                NameResolver.SYSTEM,
                null,
                WebhookTarget.USER_AGENT));
    // Every limit open: the demo's clock runs through a year in a minute, and breakers do not.
    Receiver told = Receiver.of(receiver.url(), List.of(key));
    this.target = new WebhookTarget(_ -> told, Gate.OPEN, client, clock);
    this.birthdays = YearlyEventType.birthday(TimeZones.ofJvm(), new EventIds(clock));
    this.operations = new EventOperations(database.jdbi());
  }

  Report run() throws InterruptedException {
    createUsers();
    long start = System.nanoTime();
    live(START, DOWN_FROM);
    clock.set(DOWN_TO);
    live(DOWN_TO, END);
    int redriven = redrive();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    progress.done();
    return new Report(
        userCount,
        Math.min(population.zoneCount(), userCount),
        observer.expected(YEAR),
        observer.counts(),
        redriven,
        observer.usersWithWrongCount(YEAR),
        pendingNext(),
        took);
  }

  @Override
  public void close() {
    client.close();
    receiver.close();
  }

  private void createUsers() {
    Users users = new Users(database.jdbi(), List.of(birthdays), clock, _ -> {});
    List<UserDetails> batch = new ArrayList<>();
    for (int i = 0; i < userCount; i++) {
      batch.add(population.user(i));
      if (batch.size() == Users.MAX_PAGE || i == userCount - 1) {
        users.createAll(batch).forEach(this::expect);
        batch.clear();
        progress.created(i + 1, userCount);
      }
    }
  }

  private void expect(User user) {
    observer.expect(user.id(), Expectation.of(user.details()));
  }

  /** Runs an engine of its own over a stretch of time, as a process that lives that long does. */
  private void live(Instant from, Instant until) throws InterruptedException {
    clock.set(from);
    try (Engine engine = engine()) {
      @Nullable Instant due = engine.step();
      while (due != null && due.isBefore(until)) {
        clock.set(due);
        due = engine.step();
        progress.delivered(clock.instant(), observer.delivered());
      }
      engine.drain();
    }
    clock.set(until);
  }

  private int redrive() throws InterruptedException {
    observer.mend();
    int redriven = 0;
    int page;
    do {
      page = operations.redriveAll(EventOperations.Filter.ALL, clock.instant());
      redriven += page;
      try (Engine engine = engine()) {
        engine.drain();
      }
    } while (page > 0);
    return redriven;
  }

  private Engine engine() {
    EventTypes types = new EventTypes(List.of(new EventTypes.Registration(birthdays, target)));
    return new Engine(
        new Engine.Parts(
            EngineConfig.of("demo"),
            new PostgresEventStore(database.jdbi()),
            types,
            clock,
            EngineListener.NONE));
  }

  private int pendingNext() {
    return operations.count(EventStatus.PENDING);
  }
}
