package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.store.Claim;
import dev.carillon.store.EventRecord;
import dev.carillon.store.EventStore;
import dev.carillon.store.Exchange;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every event store promises. Extend it and give it an empty store. */
public abstract class EventStoreContract {

  /** The time the contract plays at. */
  protected static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");

  private static final Duration LEASE = Duration.ofMinutes(5);

  /** A lease that has run out as soon as it is given. */
  private static final Duration LAPSED = Duration.ofSeconds(-1);

  private EventStore store;
  private ProcessId process;

  /** An empty store. */
  protected abstract EventStore emptyStore();

  @BeforeEach
  void openStore() {
    store = emptyStore();
    process = store.join("contract", LEASE);
  }

  @Nested
  class Planning {

    @Test
    void aPlannedEventIsPendingAndReadsBackAsItWasWritten() {
      Event event = Events.dueAt(NOW);

      assertThat(store.plan(List.of(event))).isEqualTo(1);

      EventRecord found = store.find(event.id()).orElseThrow();
      assertThat(found.status()).isEqualTo(EventStatus.PENDING);
      assertThat(found.event().at()).isEqualTo(event.at());
      assertThat(found.event().subject()).isEqualTo(event.subject());
      assertThat(found.event().data()).isEqualToIgnoringWhitespace(event.data());
      assertThat(found.attempts()).isZero();
      assertThat(found.executedAt()).isNull();
      assertThat(found.failureReason()).isNull();
    }

    @Test
    void aSecondEventWithALiveKeyIsNotAdded() {
      Event first = Events.dueAt(NOW);
      Event second = Events.withKey(first.idempotencyKey(), NOW);
      store.plan(List.of(first));

      assertThat(store.plan(List.of(second))).isZero();
      assertThat(store.find(second.id())).isEmpty();
    }

    @Test
    void nothingIsFoundUnderAnUnknownId() {
      assertThat(store.find(UUID.randomUUID())).isEmpty();
    }

    @Test
    void anEmptyPlanIsNoError() {
      assertThat(store.plan(List.of())).isZero();
    }
  }

  @Nested
  class Holding extends LaneContract {

    @Override
    EventStore store() {
      return store;
    }

    @Override
    ProcessId process() {
      return process;
    }
  }

  @Nested
  class Claiming {

    @Test
    void whatIsDueIsClaimedTheLongestDueFirst() {
      Event later = Events.dueAt(NOW.minusSeconds(1));
      Event earlier = Events.dueAt(NOW.minusSeconds(2));
      store.plan(List.of(later, earlier));

      assertThat(claim(10))
          .extracting(claim -> claim.event().id())
          .containsExactly(earlier.id(), later.id());
    }

    @Test
    void whatIsDueThisInstantIsClaimedAndWhatIsDueLaterIsNot() {
      Event now = Events.dueAt(NOW);
      store.plan(List.of(now, Events.dueAt(NOW.plusMillis(1))));

      assertThat(claim(10)).extracting(claim -> claim.event().id()).containsExactly(now.id());
    }

    @Test
    void noMoreThanTheLimitIsClaimed() {
      store.plan(Events.manyDueAt(NOW, 5));

      assertThat(claim(3)).hasSize(3);
      assertThat(claim(3)).hasSize(2);
      assertThat(claim(3)).isEmpty();
    }

    @Test
    void aClaimedEventIsProcessingAndBelongsToOneProcess() {
      Event event = planOne();

      Claim claim = claimOne();

      assertThat(claim.attempt()).isEqualTo(1);
      assertThat(status(event)).isEqualTo(EventStatus.PROCESSING);
      ProcessId other = store.join("other", LEASE);
      assertThat(store.exchange(other, List.of(), 10, NOW).claims()).isEmpty();
    }

    @Test
    void fewerClaimsThanAskedForComeWithTheNextDueTime() {
      Instant next = NOW.plusSeconds(90);
      store.plan(List.of(Events.dueAt(NOW), Events.dueAt(next), Events.dueAt(next.plusSeconds(1))));

      Exchange exchange = store.exchange(process, List.of(), 10, NOW);

      assertThat(exchange.claims()).hasSize(1);
      assertThat(exchange.nextDue()).isEqualTo(next);
      assertThat(store.exchange(process, List.of(), 10, NOW).nextDue()).isEqualTo(next);
    }

    @Test
    void withNothingPlannedThereIsNoNextDueTime() {
      assertThat(store.exchange(process, List.of(), 10, NOW).nextDue()).isNull();
    }

    @Test
    void aLimitOfZeroClaimsNothing() {
      planOne();

      assertThat(claim(0)).isEmpty();
    }

    @Test
    void manyProcessesClaimEachEventExactlyOnce() throws Exception {
      int events = 400;
      store.plan(Events.manyDueAt(NOW, events));
      List<UUID> claimed = new ArrayList<>();
      CountDownLatch start = new CountDownLatch(1);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<List<UUID>>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          all.add(threads.submit(() -> claimAll(start)));
        }
        start.countDown();
        for (Future<List<UUID>> one : all) {
          claimed.addAll(one.get());
        }
      }
      claimed.addAll(claimAll(new CountDownLatch(0)));

      assertThat(claimed).hasSize(events).doesNotHaveDuplicates();
    }

    private List<UUID> claimAll(CountDownLatch start) throws InterruptedException {
      ProcessId own = store.join("claimer", LEASE);
      start.await();
      List<UUID> ids = new ArrayList<>();
      List<Claim> claims;
      do {
        claims = store.exchange(own, List.of(), 7, NOW).claims();
        claims.forEach(claim -> ids.add(claim.event().id()));
      } while (!claims.isEmpty());
      return ids;
    }
  }

  @Nested
  class Settling {

    @Test
    void aCompletedEventIsDoneAndItsNextOneIsPlanned() {
      Event event = planOne();
      Event next = Events.dueAt(NOW.plus(Duration.ofDays(365)));

      settle(new Transition.Completed(claimOne(), NOW, Optional.of(next)));

      EventRecord done = store.find(event.id()).orElseThrow();
      assertThat(done.status()).isEqualTo(EventStatus.COMPLETED);
      assertThat(done.executedAt()).isEqualTo(NOW);
      assertThat(done.attempts()).isEqualTo(1);
      assertThat(status(next)).isEqualTo(EventStatus.PENDING);
    }

    @Test
    void aNextEventWhoseKeyIsTakenIsNotPlanned() {
      planOne();
      Event taken = Events.dueAt(NOW.plusSeconds(60));
      store.plan(List.of(taken));
      Event next = Events.withKey(taken.idempotencyKey(), NOW.plusSeconds(99));

      settle(new Transition.Completed(claimOne(), NOW, Optional.of(next)));

      assertThat(store.find(next.id())).isEmpty();
      assertThat(status(taken)).isEqualTo(EventStatus.PENDING);
    }

    @Test
    void onlyTheLatestEventOfASubjectIsFollowedByAnother() {
      Event event = planOne();
      store.plan(List.of(Events.ofSubject(event.subject(), NOW.plus(Duration.ofDays(730)))));
      Event next = Events.ofSubject(event.subject(), NOW.plus(Duration.ofDays(365)));

      settle(new Transition.Completed(claimOne(), NOW, Optional.of(next)));

      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
      assertThat(store.find(next.id())).isEmpty();
    }

    @Test
    void aFailedEventKeepsItsReasonAndItsNextOneIsPlanned() {
      Event event = planOne();
      Event next = Events.dueAt(NOW.plus(Duration.ofDays(365)));

      settle(new Transition.Failed(claimOne(), NOW, "HTTP 404", Optional.of(next)));

      EventRecord dead = store.find(event.id()).orElseThrow();
      assertThat(dead.status()).isEqualTo(EventStatus.FAILED);
      assertThat(dead.failureReason()).isEqualTo("HTTP 404");
      assertThat(status(next)).isEqualTo(EventStatus.PENDING);
    }

    @Test
    void aSkippedEventIsCancelledWithItsReasonAndItsNextOneIsPlanned() {
      Event event = planOne();
      Event next = Events.dueAt(NOW.plusSeconds(60));

      settle(new Transition.Cancelled(claimOne(), NOW, "not wanted", Optional.of(next)));

      EventRecord found = store.find(event.id()).orElseThrow();
      assertThat(found.status()).isEqualTo(EventStatus.CANCELLED);
      assertThat(found.failureReason()).isEqualTo("not wanted");
      assertThat(found.executedAt()).isNull();
      assertThat(status(next)).isEqualTo(EventStatus.PENDING);
    }

    @Test
    void aRetriedEventWaitsForItsTimeAndCountsItsAttempts() {
      Event event = planOne();
      Instant due = NOW.plusSeconds(4);

      settle(new Transition.Retried(claimOne(), NOW, "HTTP 503", due));

      EventRecord waiting = store.find(event.id()).orElseThrow();
      assertThat(waiting.status()).isEqualTo(EventStatus.PENDING);
      assertThat(waiting.attempts()).isEqualTo(1);
      assertThat(waiting.failureReason()).isEqualTo("HTTP 503");
      assertThat(claim(10)).isEmpty();
      Claim again = store.exchange(process, List.of(), 10, due).claims().getFirst();
      assertThat(again.attempt()).isEqualTo(2);
      assertThat(again.event()).isEqualTo(waiting.event());
    }

    @Test
    void aSettlementRidesWithTheNextClaim() {
      Event first = planOne();
      Claim claim = claimOne();
      Event second = planOne();

      Transition done = new Transition.Completed(claim, NOW, Optional.empty());
      Exchange exchange = store.exchange(process, List.of(done), 10, NOW);

      assertThat(status(first)).isEqualTo(EventStatus.COMPLETED);
      assertThat(exchange.claims()).extracting(c -> c.event().id()).containsExactly(second.id());
    }

    @Test
    void manyTransitionsOfAllKindsAreSettledTogether() {
      store.plan(Events.manyDueAt(NOW, 30));
      List<Claim> claims = claim(30);
      List<Transition> transitions = new ArrayList<>();
      for (int i = 0; i < claims.size(); i++) {
        transitions.add(
            switch (i % 3) {
              case 0 ->
                  new Transition.Completed(
                      claims.get(i), NOW, Optional.of(Events.dueAt(NOW.plusSeconds(900))));
              case 1 -> new Transition.Failed(claims.get(i), NOW, "no", Optional.empty());
              default -> new Transition.Retried(claims.get(i), NOW, "wait", NOW.plusSeconds(60));
            });
      }

      assertThat(store.exchange(process, transitions, 0, NOW).fenced()).isEmpty();

      Set<EventStatus> statuses = new HashSet<>();
      claims.forEach(claim -> statuses.add(status(claim.event())));
      assertThat(statuses)
          .containsExactlyInAnyOrder(
              EventStatus.COMPLETED, EventStatus.FAILED, EventStatus.PENDING);
      assertThat(store.exchange(process, List.of(), 100, NOW.plusSeconds(60)).claims()).hasSize(10);
      assertThat(store.exchange(process, List.of(), 100, NOW.plusSeconds(900)).claims())
          .hasSize(10);
    }

    @Test
    void settlingTwiceChangesNothingTheSecondTime() {
      Event event = planOne();
      Claim claim = claimOne();
      settle(new Transition.Completed(claim, NOW, Optional.empty()));

      Event next = Events.dueAt(NOW.plusSeconds(5));
      Transition again = new Transition.Failed(claim, NOW, "late", Optional.of(next));

      assertThat(store.exchange(process, List.of(again), 0, NOW).fenced())
          .containsExactly(event.id());
      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
      assertThat(store.find(next.id())).isEmpty();
    }
  }

  @Nested
  class Leases {

    @Test
    void theEventsOfALapsedProcessAreDueAgainAtOnce() {
      Event event = planOne();
      ProcessId crashed = store.join("crashed", LAPSED);
      Claim lost = store.exchange(crashed, List.of(), 10, NOW).claims().getFirst();

      assertThat(store.reap(NOW)).isEqualTo(1);

      assertThat(status(event)).isEqualTo(EventStatus.PENDING);
      Claim again = claimOne();
      assertThat(again.version()).isGreaterThan(lost.version());
      assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void aLateWorkerWithAnOldVersionChangesNothing() {
      Event event = planOne();
      ProcessId slow = store.join("slow", LAPSED);
      Claim old = store.exchange(slow, List.of(), 10, NOW).claims().getFirst();
      store.reap(NOW);
      claimOne();

      Transition late = new Transition.Completed(old, NOW, Optional.of(Events.dueAt(NOW)));
      Exchange exchange = store.exchange(process, List.of(late), 0, NOW);

      assertThat(exchange.fenced()).containsExactly(event.id());
      assertThat(status(event)).isEqualTo(EventStatus.PROCESSING);
      assertThat(claim(10)).isEmpty();
    }

    @Test
    void aProcessThatRenewsKeepsItsClaims() {
      Event event = planOne();
      claimOne();

      assertThat(store.renew(process, LEASE)).isTrue();

      assertThat(store.reap(NOW)).isZero();
      assertThat(status(event)).isEqualTo(EventStatus.PROCESSING);
    }

    @Test
    void aReapedProcessCannotRenewNorClaim() {
      ProcessId gone = store.join("gone", LAPSED);
      store.reap(NOW);
      planOne();

      assertThat(store.renew(gone, LEASE)).isFalse();
      assertThat(store.exchange(gone, List.of(), 10, NOW).claims()).isEmpty();
    }

    @Test
    void aProcessHandsBackTheClaimsItDoesNotKnowOf() {
      Event known = planOne();
      claimOne();
      Event unknown = planOne();
      claimOne();

      assertThat(store.handBackUnknown(process, List.of(known.id()), NOW)).isEqualTo(1);

      assertThat(status(known)).isEqualTo(EventStatus.PROCESSING);
      assertThat(status(unknown)).isEqualTo(EventStatus.PENDING);
      Claim again = claimOne();
      assertThat(again.event().id()).isEqualTo(unknown.id());
      assertThat(again.attempt()).isEqualTo(1);
      assertThat(store.handBackUnknown(process, List.of(known.id(), unknown.id()), NOW)).isZero();
    }

    @Test
    void aProcessThatLeavesHandsBackWhatItHolds() {
      Event event = planOne();
      claimOne();

      assertThat(store.leave(process, NOW)).isEqualTo(1);

      assertThat(status(event)).isEqualTo(EventStatus.PENDING);
      ProcessId other = store.join("other", LEASE);
      assertThat(store.exchange(other, List.of(), 10, NOW).claims()).hasSize(1);
    }
  }

  private Event planOne() {
    Event event = Events.dueAt(NOW);
    store.plan(List.of(event));
    return event;
  }

  private List<Claim> claim(int limit) {
    return store.exchange(process, List.of(), limit, NOW).claims();
  }

  private Claim claimOne() {
    return claim(1).getFirst();
  }

  private void settle(Transition transition) {
    assertThat(store.exchange(process, List.of(transition), 0, NOW).fenced()).isEmpty();
  }

  private EventStatus status(Event event) {
    return store.find(event.id()).orElseThrow().status();
  }
}
