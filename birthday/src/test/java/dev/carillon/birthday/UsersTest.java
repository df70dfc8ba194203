package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventStatus;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.postgres.EventOperations.Filter;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.ProcessId;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.time.LeapDayPolicy;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UsersTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final EmbeddedDatabase SERVER = EmbeddedDatabase.forTests();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final RetryPolicy TWO_TRIES =
      new RetryPolicy(
          2,
          new Backoff.Exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)),
          Duration.ofHours(1));

  private final Database database =
      Database.open(Database.Address.of(SERVER.create("users_" + COUNT.incrementAndGet())));
  private final SettableClock clock = new SettableClock(NOW);
  private final EventIds ids = new EventIds(clock);
  private final YearlyEventType birthday = YearlyEventType.birthday(TimeZones.ofJvm(), ids);
  private final List<Instant> hints = new ArrayList<>();
  private final Users users = users(birthday);
  private final EventOperations operations = new EventOperations(database.jdbi());
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final Map<String, Integer> sent = new ConcurrentHashMap<>();

  UsersTest() {
    database.migrate();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Nested
  class Creating {

    @Test
    void aUserIsStoredWithTheirBirthdaysEvent() {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));

      assertThat(users.find(user.id())).contains(user);
      Details event = only(user);
      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.event().at().instant()).isEqualTo(Instant.parse("2026-06-20T07:00:00Z"));
      assertThat(hints).containsExactly(event.event().at().instant());
    }

    @Test
    void theEndpointThatAUserChoseIsStoredAndTheirEventsGoThere() {
      UserDetails details = People.born("1990-06-20", "Europe/Berlin");

      User user = users.create(details.withEndpoint("partners"));

      assertThat(users.find(user.id())).contains(user);
      assertThat(birthday.destination(only(user).event())).contains("partners");
      assertThat(users.haveChosen("partners")).isTrue();
      assertThat(users.haveChosen("others")).isFalse();

      users.update(user.id(), details);

      assertThat(birthday.destination(only(user).event())).isEmpty();
      assertThat(users.haveChosen("partners")).isFalse();
    }

    @Test
    void manyUsersAreCreatedTogether() {
      List<UserDetails> details = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        details.add(People.born("1990-06-20", "Asia/Tokyo"));
      }

      List<User> created = users.createAll(details);

      assertThat(operations.count(EventStatus.PENDING)).isEqualTo(100);
      assertThat(users.list(null, 60)).hasSize(60);
      UUID last = users.list(null, 60).getLast().id();
      assertThat(users.list(last, 60)).hasSize(40);
      assertThat(users.find(created.getLast().id())).isPresent();
    }

    @Test
    void noneAndTooManyAreRefused() {
      assertThatIllegalArgumentException().isThrownBy(() -> users.createAll(List.of()));
    }

    @Test
    void aUserWhoseEventCannotBeWrittenIsNotStored() {
      UserEventType broken = new BrokenType(birthday);

      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> users(broken).create(People.born("1990-06-20", "Europe/Berlin"))))
          .isNotNull();

      assertThat(users.list(null, 10)).isEmpty();
      assertThat(operations.list(Filter.ALL, null, 10)).isEmpty();
    }
  }

  @Nested
  class Updating {

    @Test
    void aNewZoneMovesThePendingEvent() {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));
      UUID before = only(user).event().id();

      users.update(user.id(), People.born("1990-06-20", "America/New_York"));

      Details event = only(user);
      assertThat(event.event().id()).isEqualTo(before);
      assertThat(event.event().at().instant()).isEqualTo(Instant.parse("2026-06-20T13:00:00Z"));
      assertThat(store.exchange(join(), List.of(), 1, NOW).nextDue())
          .isEqualTo(event.event().at().instant());
    }

    @Test
    void aNewBirthdayThatHasPassedWaitsForNextYear() {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));

      users.update(user.id(), People.born("1990-05-20", "Europe/Berlin"));

      assertThat(only(user).event().at().local().toLocalDate())
          .isEqualTo(LocalDate.of(2027, 5, 20));
    }

    @Test
    void aBirthdayThatWasDeliveredThisYearDoesNotComeAgainOnANewDate() throws Exception {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));
      liveUntil(Instant.parse("2026-07-01T00:00:00Z"));

      users.update(user.id(), People.born("1990-12-24", "Europe/Berlin"));
      liveUntil(Instant.parse("2027-12-31T00:00:00Z"));

      assertThat(sent).containsOnlyKeys(key(user, 2026), key(user, 2027));
      assertThat(sent.values()).containsOnly(1);
    }

    @Test
    void anEventInFlightIsLeftAloneAndTheNextOneHasTheNewData() throws Exception {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));
      clock.set(Instant.parse("2026-06-20T07:00:00Z"));
      ProcessId process = join();
      var claim = store.exchange(process, List.of(), 1, clock.instant()).claims().getFirst();

      users.update(user.id(), People.born("1990-06-20", "Asia/Tokyo"));
      var done =
          new dev.carillon.store.Transition.Completed(
              claim, clock.instant(), birthday.next(claim.event()));
      store.exchange(process, List.of(done), 0, clock.instant());

      assertThat(events(user)).hasSize(2);
      Details next = events(user).getFirst();
      assertThat(next.status()).isEqualTo(EventStatus.PENDING);
      assertThat(next.event().at().instant()).isEqualTo(Instant.parse("2027-06-20T00:00:00Z"));
    }

    @Test
    void nobodyIsUpdatedUnderAnUnknownId() {
      assertThat(users.update(UUID.randomUUID(), People.born("1990-06-20", "Asia/Tokyo")))
          .isEmpty();
    }
  }

  @Nested
  class Deleting {

    @Test
    void theUserIsGoneAndTheirEventsAreCancelled() throws Exception {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));

      assertThat(users.delete(user.id())).isTrue();

      assertThat(users.find(user.id())).isEmpty();
      assertThat(only(user).status()).isEqualTo(EventStatus.CANCELLED);
      liveUntil(Instant.parse("2027-01-01T00:00:00Z"));
      assertThat(sent).isEmpty();
      assertThat(users.delete(user.id())).isFalse();
    }
  }

  @Nested
  class Redriving {

    @Test
    void anOldDeadLetterThatIsRedrivenDoesNotRepeatTheYearsAfterIt() throws Exception {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));
      live(Instant.parse("2026-07-01T00:00:00Z"), attempt -> new Outcome.Rejected("HTTP 404"));
      liveUntil(Instant.parse("2027-07-01T00:00:00Z"));

      assertThat(operations.redriveAll(Filter.ALL, clock.instant())).isEqualTo(1);
      liveUntil(Instant.parse("2028-07-01T00:00:00Z"));

      assertThat(sent).containsOnlyKeys(key(user, 2026), key(user, 2027), key(user, 2028));
      assertThat(sent.values()).containsOnly(1);
    }
  }

  @Nested
  class NewTypes {

    @Test
    void usersWhoLackAnEventOfANewTypeGetOne() {
      User user = users.create(People.born("1990-06-20", "Europe/Berlin"));
      YearlyEventType reminder =
          new YearlyEventType(
              "REMINDER",
              FollowedDate.DATE_OF_BIRTH,
              LocalTime.of(20, 0),
              Template.of("Think of {first_name}"),
              TimeZones.ofJvm(),
              ids);
      Users withReminder = users(birthday, reminder);

      assertThat(withReminder.planMissing()).isEqualTo(1);
      assertThat(withReminder.planMissing()).isZero();

      assertThat(events(user))
          .extracting(details -> details.event().type())
          .containsExactlyInAnyOrder("BIRTHDAY", "REMINDER");
    }
  }

  /** The engine delivers and fails while users move and change their birthdays, on many threads. */
  @Test
  void whateverChangesMeanwhileNobodyGetsTwoBirthdaysInAYearNorLosesTheNextOne() throws Exception {
    Random random = new Random(20_260_601);
    List<User> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(users.create(randomDetails(random)));
    }
    Target moody =
        attempt -> {
          if (Math.floorMod(attempt.event().id().hashCode() + attempt.number(), 4) == 0) {
            return new Outcome.Retryable("HTTP 503");
          }
          return accept(attempt.event().idempotencyKey());
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Engine engine = engine(moody)) {
      for (int week = 0; week < 110; week++) {
        Future<?> change = threads.submit(() -> change(all, random));
        clock.advance(Duration.ofDays(7));
        engine.drain();
        change.get();
      }
      engine.drain();
    }

    assertThat(sent.values()).containsOnly(1);
    assertThat(operations.count(EventStatus.PENDING)).isEqualTo(all.size());
  }

  private void change(List<User> all, Random random) {
    for (int i = 0; i < 5; i++) {
      User user = all.get(random.nextInt(all.size()));
      assertThat(users.update(user.id(), randomDetails(random))).isPresent();
    }
  }

  private static UserDetails randomDetails(Random random) {
    List<String> zones =
        List.of("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "Asia/Kathmandu");
    return new UserDetails(
        "Ada",
        "Lovelace",
        LocalDate.of(1988, 1, 1).plusDays(random.nextInt(366)),
        ZoneId.of(zones.get(random.nextInt(zones.size()))),
        random.nextBoolean() ? LeapDayPolicy.FEB_28 : LeapDayPolicy.MAR_1,
        null);
  }

  private Users users(UserEventType... types) {
    return new Users(database.jdbi(), List.of(types), clock, hints::add);
  }

  private ProcessId join() {
    return store.join("test", Duration.ofMinutes(5));
  }

  private Outcome accept(String key) {
    sent.merge(key, 1, Integer::sum);
    return new Outcome.Succeeded();
  }

  private void liveUntil(Instant until) throws InterruptedException {
    live(until, attempt -> accept(attempt.event().idempotencyKey()));
  }

  private void live(Instant until, Target target) throws InterruptedException {
    try (Engine engine = engine(target)) {
      @Nullable Instant due = engine.drain();
      while (due != null && due.isBefore(until)) {
        clock.set(due);
        due = engine.drain();
      }
    }
    clock.set(until);
  }

  private Engine engine(Target target) {
    EventTypes types = new EventTypes(List.of(new EventTypes.Registration(birthday, target)));
    EngineConfig config = EngineConfig.of("test").withRetry(TWO_TRIES);
    return new Engine(new Engine.Parts(config, store, types, clock, EngineListener.NONE));
  }

  private List<Details> events(User user) {
    return operations.list(new Filter(user.id(), null, null, null, null), null, 10);
  }

  private Details only(User user) {
    assertThat(events(user)).hasSize(1);
    return events(user).getFirst();
  }

  private static String key(User user, int year) {
    return "BIRTHDAY:%s:%d".formatted(user.id(), year);
  }
}
