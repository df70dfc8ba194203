package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventStatus;
import dev.carillon.store.Claim;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import dev.carillon.testkit.Events;
import dev.carillon.testkit.Patience;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubjectEventsTest {

  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");
  private static final EventIds IDS = new EventIds(InstantSource.system());

  private final Database database = TestDatabases.migrated(TestDatabases.newestServer());
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final ProcessId process = store.join("test", Duration.ofMinutes(5));
  private final UUID subject = UUID.randomUUID();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void pendingAndProcessingEventsOfTheSubjectAreRead() {
    Event due = plan(NOW);
    claim();
    Event later = plan(NOW.plusSeconds(60));
    store.plan(List.of(Events.dueAt(NOW)));

    List<SubjectEvents.Live> live = lock();

    assertThat(live)
        .extracting(one -> one.event().id(), SubjectEvents.Live::status)
        .containsExactlyInAnyOrder(
            tuple(due.id(), EventStatus.PROCESSING), tuple(later.id(), EventStatus.PENDING));
  }

  @Test
  void anEventThatWaitsForARetryCountsAsBegun() {
    plan(NOW);
    Claim claim = claim();
    settle(new Transition.Retried(claim, NOW, "HTTP 503", NOW.plusSeconds(9)));

    assertThat(lock()).singleElement().matches(SubjectEvents.Live::isBegun);
  }

  @Test
  void aRescheduledEventKeepsItsIdAndIsDueAtItsNewTime() {
    Event event = plan(NOW.plusSeconds(600));
    Event moved = event(event.id(), NOW.plusSeconds(60));

    database.jdbi().useTransaction(h -> SubjectEvents.reschedule(h, moved));

    Event found = store.find(event.id()).orElseThrow().event();
    assertThat(found.at()).isEqualTo(moved.at());
    assertThat(found.idempotencyKey()).isEqualTo(moved.idempotencyKey());
    assertThat(store.exchange(process, List.of(), 9, NOW).nextDue()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void anEventInFlightIsNotRescheduled() {
    Event event = plan(NOW);
    claim();

    database
        .jdbi()
        .useTransaction(h -> SubjectEvents.reschedule(h, event(event.id(), NOW.plusSeconds(60))));

    assertThat(store.find(event.id()).orElseThrow().event()).isEqualTo(event);
  }

  @Test
  void cancellingEndsPendingProcessingAndDeadEvents() {
    Event dead = plan(NOW);
    settle(new Transition.Failed(claim(), NOW, "HTTP 404", Optional.empty()));
    Event processing = plan(NOW);
    Claim claim = claim();
    Event pending = plan(NOW.plusSeconds(60));

    int cancelled =
        database.jdbi().inTransaction(h -> SubjectEvents.cancelAll(h, subject, "user deleted"));

    assertThat(cancelled).isEqualTo(2);
    assertThat(List.of(dead, processing, pending))
        .allSatisfy(event -> assertThat(status(event)).isEqualTo(EventStatus.CANCELLED));
    assertThat(store.find(processing.id()).orElseThrow().failureReason())
        .isEqualTo("user deleted, while it was being performed");
    Event next = event(NOW.plusSeconds(900));
    Transition late = new Transition.Completed(claim, NOW, Optional.of(next));
    assertThat(store.exchange(process, List.of(late), 0, NOW).fenced())
        .containsExactly(processing.id());
    assertThat(store.find(next.id())).isEmpty();
  }

  @Test
  void onlyWhatIsChosenAndHasNotBegunIsCalledOff() {
    Event processing = plan(NOW);
    claim();
    Event chosen = plan(NOW.plusSeconds(60));
    Event other = plan(NOW.plusSeconds(120));

    List<Event> cancelled =
        database
            .jdbi()
            .inTransaction(handle ->
                SubjectEvents.cancelUnbegun(
                    handle, subject, event -> !event.id().equals(other.id()), "changed"));

    assertThat(cancelled).extracting(Event::id).containsExactly(chosen.id());
    assertThat(status(processing)).isEqualTo(EventStatus.PROCESSING);
    assertThat(status(chosen)).isEqualTo(EventStatus.CANCELLED);
    assertThat(status(other)).isEqualTo(EventStatus.PENDING);
  }

  @Test
  void whatWasDueBeforeAnEventIsCancelledAlsoIfItIsBeingPerformed() {
    Event earlier = plan(NOW);
    Claim claim = claim();
    Event event = plan(NOW.plusSeconds(60));
    Event later = plan(NOW.plusSeconds(120));

    int cancelled =
        database
            .jdbi()
            .inTransaction(handle -> SubjectEvents.cancelBefore(handle, event, "replaced"));

    assertThat(cancelled).isEqualTo(1);
    assertThat(status(earlier)).isEqualTo(EventStatus.CANCELLED);
    assertThat(status(event)).isEqualTo(EventStatus.PENDING);
    assertThat(status(later)).isEqualTo(EventStatus.PENDING);
    Transition late = new Transition.Completed(claim, NOW, Optional.empty());
    assertThat(store.exchange(process, List.of(late), 0, NOW).fenced())
        .containsExactly(earlier.id());
  }

  /** The settlement waits for the change, and must then see what it planned. */
  @Test
  void aSettlementThatWaitedForAChangeOfItsSubjectPlansNothingBesideIt() throws Exception {
    plan(NOW);
    Claim claim = claim();
    Event followedBy = event(NOW.plus(Duration.ofDays(365)));
    Event other = event(NOW.plus(Duration.ofDays(4 * 365)));
    Transition done = new Transition.Completed(claim, NOW, Optional.of(other));
    CountDownLatch locked = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> settling =
          threads.submit(() -> {
            locked.await();
            return store.exchange(process, List.of(done), 0, NOW);
          });
      database
          .jdbi()
          .useTransaction(handle -> {
            SubjectEvents.lock(handle, subject);
            locked.countDown();
            Patience.until(Duration.ofSeconds(30), this::somebodyWaits);
            PostgresEventStore.plan(handle, List.of(followedBy));
          });
      settling.get();
    }

    assertThat(store.find(other.id())).isEmpty();
    assertThat(status(followedBy)).isEqualTo(EventStatus.PENDING);
  }

  private boolean somebodyWaits() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
                .mapTo(Boolean.class)
                .one());
  }

  /** The engine and a user's changes meet on the same rows from both sides. */
  @Test
  void lockingWhileEventsAreClaimedAndSettledNeitherDeadlocksNorMissesAnEvent() throws Exception {
    plan(NOW);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      all.add(threads.submit(() -> churn(300)));
      all.add(threads.submit(() -> churn(300)));
      for (int i = 0; i < 3; i++) {
        all.add(
            threads.submit(() -> {
              for (int n = 0; n < 100; n++) {
                assertThat(lock()).hasSize(1);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertThat(lock()).hasSize(1);
  }

  /** Claims and settles whatever is due, each time planning the next event of the subject. */
  private void churn(int rounds) {
    ProcessId own = store.join("churn", Duration.ofMinutes(5));
    List<Transition> settled = List.of();
    for (int i = 0; i < rounds; i++) {
      settled =
          store.exchange(own, settled, 1, NOW).claims().stream()
              .map(claim -> transition(claim))
              .toList();
    }
    store.exchange(own, settled, 0, NOW);
  }

  private Transition transition(Claim claim) {
    return claim.version() % 3 == 0
        ? new Transition.Retried(claim, NOW, "again", NOW)
        : new Transition.Completed(claim, NOW, Optional.of(event(NOW)));
  }

  private List<SubjectEvents.Live> lock() {
    return database.jdbi().inTransaction(handle -> SubjectEvents.lock(handle, subject));
  }

  private Event plan(Instant due) {
    Event event = event(due);
    store.plan(List.of(event));
    return event;
  }

  private Event event(Instant due) {
    return event(IDS.next(), due);
  }

  private Event event(UUID id, Instant due) {
    LocalDateTime local = LocalDateTime.ofInstant(due, ZoneId.of("UTC"));
    Occurrence at = new Occurrence(local, ZoneId.of("UTC"), due, "2026a");
    return new Event(id, subject, Events.TYPE, "key:%s:%s".formatted(id, due), at, "{}");
  }

  private Claim claim() {
    return store.exchange(process, List.of(), 1, NOW).claims().getFirst();
  }

  private void settle(Transition transition) {
    assertThat(store.exchange(process, List.of(transition), 0, NOW).fenced()).isEmpty();
  }

  private EventStatus status(Event event) {
    return store.find(event.id()).orElseThrow().status();
  }
}
