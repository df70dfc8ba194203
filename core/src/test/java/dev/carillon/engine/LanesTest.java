package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.memory.InMemoryEventStore;
import dev.carillon.memory.SettableClock;
import dev.carillon.store.Claim;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {

  private static final int CONCURRENCY = 10;

  private final UUID lane = UUID.randomUUID();
  private final InMemoryEventStore store = new InMemoryEventStore(new SettableClock(NOW));
  private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final Door door = new Door();
  private final Engine engine =
      new Engine(
          new Engine.Parts(
              EngineConfig.of("test").withClaims(CONCURRENCY, CONCURRENCY),
              store,
              new EventTypes(
                  List.of(new EventTypes.Registration(new TestEvents.Daily(), this::perform))),
              new SettableClock(NOW),
              EngineListener.NONE,
              door));

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void whatIsHeldIsClaimedWhenItsLaneOpensAndHasCostNoAttempt() throws Exception {
    Event event = plan();

    engine.drain();

    assertThat(attempts).isEmpty();
    assertThat(store.find(event.id()).orElseThrow().status()).isEqualTo(EventStatus.PENDING);

    door.open = true;
    engine.drain();

    assertThat(attempts).singleElement().satisfies(a -> assertThat(a.number()).isEqualTo(1));
    assertThat(store.find(event.id()).orElseThrow().status()).isEqualTo(EventStatus.COMPLETED);
    assertThat(door.claimed).contains(1);
  }

  @Test
  void lanesAreOfferedHalfOfTheRoomAtMost() throws Exception {
    for (int i = 0; i < 3 * CONCURRENCY; i++) {
      plan();
    }
    engine.drain();
    door.open = true;
    engine.drain();

    assertThat(attempts).hasSize(3 * CONCURRENCY);
    assertThat(door.offered).isNotEmpty().allMatch(most -> most <= CONCURRENCY / 2);
  }

  private Event plan() {
    Event event = TestEvents.dueAt(NOW);
    store.plan(List.of(event));
    return event;
  }

  private Outcome perform(Attempt attempt) {
    if (!door.open) {
      return new Outcome.Held(lane, "the door is shut");
    }
    attempts.add(attempt);
    return new Outcome.Succeeded();
  }

  private final class Door implements Lanes {

    private volatile boolean open;
    private final List<Integer> offered = new ArrayList<>();
    private final List<Integer> claimed = new ArrayList<>();

    @Override
    public synchronized Map<UUID, Integer> openings(int most) {
      if (!open) {
        return Map.of();
      }
      offered.add(most);
      return Map.of(lane, most);
    }

    @Override
    public synchronized void claimed(Map<UUID, Integer> openings, Map<UUID, List<Claim>> claims) {
      claimed.add(claims.getOrDefault(lane, List.of()).size());
    }
  }
}
