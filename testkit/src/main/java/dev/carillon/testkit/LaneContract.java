package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.store.Claim;
import dev.carillon.store.EventRecord;
import dev.carillon.store.EventStore;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every event store promises of events that are held in lanes. */
abstract class LaneContract {

  private static final Instant NOW = EventStoreContract.NOW;

  private final UUID lane = UUID.randomUUID();

  @Test
  void aHeldEventIsPendingAndSaysWhyAndIsNotClaimed() {
    Event event = Events.dueAt(NOW);
    store().plan(List.of(event));

    hold(lane, claim(1));

    EventRecord found = store().find(event.id()).orElseThrow();
    assertThat(found.status()).isEqualTo(EventStatus.PENDING);
    assertThat(found.failureReason()).isEqualTo("the lane is full");
    assertThat(found.attempts()).isZero();
    assertThat(store().exchange(process(), List.of(), 10, NOW.plusSeconds(9)).claims()).isEmpty();
  }

  @Test
  void aHeldEventIsNotTheNextThatIsDue() {
    store().plan(List.of(Events.dueAt(NOW)));
    hold(lane, claim(1));

    assertThat(store().exchange(process(), List.of(), 10, NOW).nextDue()).isNull();
  }

  @Test
  void whatIsReleasedIsDueAtOnceTheLongestDueFirst() {
    Event later = Events.dueAt(NOW.minusSeconds(1));
    Event earlier = Events.dueAt(NOW.minusSeconds(2));
    store().plan(List.of(later, earlier));
    hold(lane, claim(2));

    assertThat(store().release(lane, 1, NOW)).isEqualTo(1);
    assertThat(claim(2)).extracting(claim -> claim.event().id()).containsExactly(earlier.id());
    assertThat(store().release(lane, 5, NOW)).isEqualTo(1);
    assertThat(claim(2)).extracting(claim -> claim.event().id()).containsExactly(later.id());
    assertThat(store().release(lane, 5, NOW)).isZero();
  }

  @Test
  void theRoomOfALaneIsFilledFromTheFront() {
    Event later = Events.dueAt(NOW.minusSeconds(1));
    Event earlier = Events.dueAt(NOW.minusSeconds(2));
    store().plan(List.of(later, earlier));
    hold(lane, claim(2));

    Map<UUID, List<Claim>> first = store().claimHeld(process(), Map.of(lane, 1), NOW);
    Map<UUID, List<Claim>> second =
        store().claimHeld(process(), Map.of(lane, 5, UUID.randomUUID(), 5), NOW);

    assertThat(first.get(lane))
        .extracting(claim -> claim.event().id())
        .containsExactly(earlier.id());
    assertThat(second).containsOnlyKeys(lane);
    assertThat(second.get(lane))
        .extracting(claim -> claim.event().id())
        .containsExactly(later.id());
    assertThat(store().claimHeld(process(), Map.of(lane, 5), NOW)).isEmpty();
    hold(lane, second.values().iterator().next());
    assertThat(store().claimHeld(process(), Map.of(lane, 5), NOW)).containsOnlyKeys(lane);
  }

  @Test
  void aProcessWithoutALeaseClaimsNothingHeld() {
    store().plan(List.of(Events.dueAt(NOW)));
    hold(lane, claim(1));

    assertThat(store().claimHeld(ProcessId.random(), Map.of(lane, 5), NOW)).isEmpty();
  }

  @Test
  void otherLanesStayHeld() {
    store().plan(List.of(Events.dueAt(NOW)));
    hold(lane, claim(1));

    assertThat(store().release(UUID.randomUUID(), 5, NOW)).isZero();
    assertThat(claim(1)).isEmpty();
  }

  @Test
  void holdingAndPostponingCostNoAttemptButAVersion() {
    store().plan(List.of(Events.dueAt(NOW)));
    hold(lane, claim(1));
    store().release(lane, 1, NOW);
    Claim second = claim(1).getFirst();
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.version()).isEqualTo(2);

    store()
        .exchange(
            process(),
            List.of(new Transition.Retried(second, NOW, "no resolver", NOW, false, null)),
            0,
            NOW);

    assertThat(claim(1).getFirst().attempt()).isEqualTo(1);
  }

  @Test
  void aLateHoldChangesNothing() {
    store().plan(List.of(Events.dueAt(NOW)));
    List<Claim> claims = claim(1);
    store().leave(process(), NOW);

    assertThat(hold(lane, claims)).hasSize(1);
    assertThat(store().release(lane, 5, NOW)).isZero();
  }

  private List<UUID> hold(UUID where, List<Claim> claims) {
    List<Transition> held =
        claims.stream()
            .<Transition>map(claim -> new Transition.Held(claim, NOW, "the lane is full", where))
            .toList();
    return store().exchange(process(), held, 0, NOW).fenced();
  }

  /** The store of the test at hand. */
  abstract EventStore store();

  /** A process that has joined it. */
  abstract ProcessId process();

  private List<Claim> claim(int limit) {
    return store().exchange(process(), List.of(), limit, NOW).claims();
  }
}
