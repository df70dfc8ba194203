package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.postgres.EventOperations.Change;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.postgres.EventOperations.Filter;
import dev.carillon.store.Claim;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import dev.carillon.testkit.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventOperationsTest {

  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");

  private final Database database = TestDatabases.migrated(TestDatabases.newestServer());
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final EventOperations operations = new EventOperations(database.jdbi());
  private final ProcessId process = store.join("test", Duration.ofMinutes(5));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void eventsOfAllStatesAreListedNewestFirst() {
    Event done = inState(EventStatus.COMPLETED);
    Event dead = inState(EventStatus.FAILED);
    Event cancelled = inState(EventStatus.CANCELLED);
    Event processing = inState(EventStatus.PROCESSING);
    Event pending = inState(EventStatus.PENDING);

    assertThat(operations.list(Filter.ALL, null, 10))
        .extracting(details -> details.event().id(), Details::status)
        .containsExactly(
            tuple(pending.id(), EventStatus.PENDING),
            tuple(processing.id(), EventStatus.PROCESSING),
            tuple(cancelled.id(), EventStatus.CANCELLED),
            tuple(dead.id(), EventStatus.FAILED),
            tuple(done.id(), EventStatus.COMPLETED));
  }

  @Test
  void everyFilterFilters() {
    Event done = inState(EventStatus.COMPLETED);
    Event pending = inState(EventStatus.PENDING);

    assertThat(ids(new Filter(null, EventStatus.COMPLETED, null, null, null)))
        .containsExactly(done.id());
    assertThat(ids(new Filter(pending.subject(), null, null, null, null)))
        .containsExactly(pending.id());
    assertThat(ids(new Filter(null, null, "OTHER", null, null))).isEmpty();
    assertThat(ids(new Filter(null, null, Events.TYPE, null, null))).hasSize(2);
    assertThat(ids(new Filter(null, null, null, NOW.plusSeconds(1), null)))
        .containsExactly(pending.id());
    assertThat(ids(new Filter(null, null, null, null, NOW.plusSeconds(1))))
        .containsExactly(done.id());
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    store.plan(Events.manyDueAt(NOW, 25));
    List<UUID> seen = new ArrayList<>();
    UUID before = null;
    List<Details> page;
    do {
      page = operations.list(Filter.ALL, before, 10);
      page.forEach(details -> seen.add(details.event().id()));
      before = page.isEmpty() ? null : page.getLast().event().id();
    } while (page.size() == 10);

    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void aPendingEventIsCancelledAndTheNextOneIsPlanned() {
    Event event = inState(EventStatus.PENDING);
    Event next = Events.dueAt(NOW.plusSeconds(900));

    assertThat(operations.cancel(event.id(), "not wanted", _ -> Optional.of(next)))
        .isEqualTo(Change.DONE);

    Details cancelled = operations.find(event.id()).orElseThrow();
    assertThat(cancelled.status()).isEqualTo(EventStatus.CANCELLED);
    assertThat(cancelled.failureReason()).isEqualTo("not wanted");
    assertThat(operations.find(next.id())).isPresent();
  }

  @Test
  void onlyPendingEventsCanBeCancelled() {
    assertThat(cancel(inState(EventStatus.PROCESSING).id())).isEqualTo(Change.CONFLICT);
    assertThat(cancel(inState(EventStatus.COMPLETED).id())).isEqualTo(Change.CONFLICT);
    assertThat(cancel(inState(EventStatus.FAILED).id())).isEqualTo(Change.CONFLICT);
    assertThat(cancel(UUID.randomUUID())).isEqualTo(Change.NOT_FOUND);
  }

  @Test
  void anEventThatWaitsForItsNextAttemptIsMadeDueNow() {
    Event event = planned();
    settle(new Transition.Retried(claim(), NOW, "HTTP 503", NOW.plusSeconds(3600)));

    assertThat(operations.retry(event.id(), NOW)).isEqualTo(Change.DONE);

    assertThat(claim().event().id()).isEqualTo(event.id());
  }

  @Test
  void aDeadLetterIsRedrivenUnderItsOldIdWithFreshAttempts() {
    Event event = inState(EventStatus.FAILED);

    assertThat(operations.retry(event.id(), NOW)).isEqualTo(Change.DONE);

    Claim again = claim();
    assertThat(again.event()).isEqualTo(event);
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.version()).isEqualTo(2);
    settle(new Transition.Completed(again, NOW, Optional.empty()));
    assertThat(operations.list(Filter.ALL, null, 10))
        .singleElement()
        .extracting(Details::status)
        .isEqualTo(EventStatus.COMPLETED);
  }

  @Test
  void anEventThatWasNotTriedYetOrIsDoneCannotBeRetried() {
    assertThat(operations.retry(inState(EventStatus.PENDING).id(), NOW)).isEqualTo(Change.CONFLICT);
    assertThat(operations.retry(inState(EventStatus.COMPLETED).id(), NOW))
        .isEqualTo(Change.CONFLICT);
    assertThat(operations.retry(UUID.randomUUID(), NOW)).isEqualTo(Change.NOT_FOUND);
  }

  @Test
  void deadLettersAreRedrivenTogetherOnceEach() {
    inState(EventStatus.FAILED);
    inState(EventStatus.FAILED);

    assertThat(operations.redriveAll(Filter.ALL, NOW)).isEqualTo(2);
    assertThat(operations.redriveAll(Filter.ALL, NOW)).isZero();
  }

  @Test
  void aDeadLetterWhoseKeyIsLiveAgainStaysDead() {
    Event dead = inState(EventStatus.FAILED);
    store.plan(List.of(Events.withKey(dead.idempotencyKey(), NOW)));

    assertThat(operations.retry(dead.id(), NOW)).isEqualTo(Change.CONFLICT);

    assertThat(operations.find(dead.id()).orElseThrow().status()).isEqualTo(EventStatus.FAILED);
  }

  @Test
  void anEventThatThisProcessCannotReadIsLeftToOthersAndHoldsUpNobody() {
    Event unreadable = planned();
    Event good = Events.dueAt(NOW.plusMillis(1));
    store.plan(List.of(good));
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "UPDATE event SET target_timezone = 'Mars/Olympus' WHERE id = ?", unreadable.id()));

    var claims = store.exchange(process, List.of(), 10, NOW.plusSeconds(1)).claims();

    assertThat(claims).extracting(c -> c.event().id()).containsExactly(good.id());
    assertThat(operations.list(Filter.ALL, null, 10)).hasSize(1);
    Instant later = NOW.plusSeconds(1).plus(Duration.ofMinutes(1));
    assertThat(store.exchange(process, List.of(), 0, later).claims()).isEmpty();
    assertThat(operations.lag(later)).isZero();
  }

  @Test
  void theLagIsHowLongTheOldestDueEventWaits() {
    assertThat(operations.lag(NOW)).isZero();
    store.plan(List.of(Events.dueAt(NOW), Events.dueAt(NOW.plusSeconds(60))));

    assertThat(operations.lag(NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    assertThat(operations.lag(NOW.minusSeconds(5))).isZero();
  }

  private Event inState(EventStatus status) {
    if (status == EventStatus.PENDING) {
      Event event = Events.dueAt(NOW.plusSeconds(600));
      store.plan(List.of(event));
      return event;
    }
    Event event = planned();
    switch (status) {
      case PENDING -> throw new AssertionError(status);
      case PROCESSING -> claim();
      case COMPLETED -> settle(new Transition.Completed(claim(), NOW, Optional.empty()));
      case FAILED -> settle(new Transition.Failed(claim(), NOW, "HTTP 404", Optional.empty()));
      case CANCELLED -> assertThat(cancel(event.id())).isEqualTo(Change.DONE);
    }
    return event;
  }

  private Event planned() {
    Event event = Events.dueAt(NOW);
    store.plan(List.of(event));
    return event;
  }

  private Claim claim() {
    return store.exchange(process, List.of(), 1, NOW).claims().getFirst();
  }

  private void settle(Transition transition) {
    assertThat(store.exchange(process, List.of(transition), 0, NOW).fenced()).isEmpty();
  }

  private Change cancel(UUID id) {
    return operations.cancel(id, "called off", _ -> Optional.empty());
  }

  private List<UUID> ids(Filter filter) {
    return operations.list(filter, null, 100).stream().map(d -> d.event().id()).toList();
  }
}
