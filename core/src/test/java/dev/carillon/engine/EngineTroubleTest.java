package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.event.EventType;
import dev.carillon.memory.InMemoryEventStore;
import dev.carillon.memory.SettableClock;
import dev.carillon.store.Claim;
import dev.carillon.store.EventRecord;
import dev.carillon.store.EventStore;
import dev.carillon.store.Exchange;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The database fails, leases are lost, types and listeners throw. */
class EngineTroubleTest {

  private final SettableClock clock = new SettableClock(NOW);
  private final SettableClock leaseClock = new SettableClock(NOW);
  private final InMemoryEventStore memory = new InMemoryEventStore(leaseClock);
  private final Unreliable store = new Unreliable(memory);
  private final Recorder recorder = new Recorder();
  private final CountDownLatch performed = new CountDownLatch(1);
  private Engine engine = engine(new TestEvents.Daily(), attempt -> succeed());

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void whatEndedWhileTheStoreFailedIsSettledLater() throws Exception {
    Event event = plan();
    store.failuresWhileSettling.set(1);

    assertThatThrownBy(engine::drain).isInstanceOf(IllegalStateException.class);
    assertThat(status(event)).isEqualTo(EventStatus.PROCESSING);
    engine.drain();

    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
    assertThat(recorder.fenced()).isZero();
  }

  @Test
  void aClaimWhoseAnswerWasLostIsHandedBackAndPerformed() throws Exception {
    Event event = plan();
    store.lostAnswers.set(1);

    assertThatThrownBy(engine::drain).isInstanceOf(IllegalStateException.class);
    assertThat(status(event)).isEqualTo(EventStatus.PROCESSING);
    engine.drain();

    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
    assertThat(memory.find(event.id()).orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void aTargetThatRunsOutOfStackIsRetriedAndBlocksNothing() throws Exception {
    engine.close();
    Event event = plan();
    engine =
        engine(
            new TestEvents.Daily(),
            attempt -> {
              throw new StackOverflowError();
            });

    engine.drain();

    assertThat(status(event)).isEqualTo(EventStatus.PENDING);
    assertThat(memory.find(event.id()).orElseThrow().failureReason()).contains("StackOverflow");
  }

  @Test
  void anEngineThatRunsByItselfSurvivesAFailingStore() throws Exception {
    store.failures.set(2);
    Event event = plan();

    engine.start();

    assertThat(performed.await(30, TimeUnit.SECONDS)).isTrue();
    engine.stop(Duration.ofSeconds(30));
    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
  }

  @Test
  void aSettlementAfterTheClaimWasTakenBackIsFencedAndReported() throws Exception {
    Event event = plan();
    engine.close();
    engine =
        engine(
            new TestEvents.Daily(),
            attempt -> {
              leaseClock.advance(Duration.ofHours(1));
              memory.reap(NOW);
              return new Outcome.Succeeded();
            });

    engine.drain();

    assertThat(recorder.fenced()).isPositive();
    assertThat(status(event)).isEqualTo(EventStatus.PENDING);
  }

  @Test
  void aLostLeaseIsTakenAgainUnderANewIdAndReported() throws Exception {
    engine.close();
    CountDownLatch lost = new CountDownLatch(1);
    EngineListener listener =
        new EngineListener() {
          @Override
          public void leaseLost() {
            lost.countDown();
          }
        };
    EngineConfig quick = config().withLease(EngineConfig.MIN_LEASE);
    engine = engine(quick, new TestEvents.Daily(), attempt -> succeed(), listener);
    leaseClock.advance(Duration.ofHours(1));
    memory.reap(NOW);

    assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
    Event event = plan();
    engine.drain();
    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
  }

  @Test
  void theEventsOfACrashedProcessAreRecoveredAndReported() throws Exception {
    engine.close();
    Event event = plan();
    ProcessId crashed = memory.join("crashed", Duration.ofSeconds(-1));
    memory.exchange(crashed, List.of(), 1, NOW);
    AtomicInteger recovered = new AtomicInteger();
    CountDownLatch told = new CountDownLatch(1);
    EngineListener listener =
        new EngineListener() {
          @Override
          public void recovered(int events) {
            recovered.addAndGet(events);
            told.countDown();
          }
        };
    engine = engine(config(), new TestEvents.Daily(), attempt -> succeed(), listener);

    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    engine.drain();

    assertThat(recovered).hasValue(1);
    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
  }

  @Test
  void anEventIsDoneEvenIfWhatFollowsCannotBePlanned() throws Exception {
    engine.close();
    Event event = plan();
    engine =
        engine(
            new TestEvents.Daily() {
              @Override
              public Optional<Event> next(Event done) {
                throw new IllegalStateException("no next day");
              }
            },
            attempt -> succeed());

    engine.drain();

    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
  }

  @Test
  void aListenerThatThrowsChangesNothing() throws Exception {
    engine.close();
    Event event = plan();
    EngineListener throwing =
        new EngineListener() {
          @Override
          public void attempted(Attempt attempt, Outcome outcome, Duration took) {
            throw new IllegalStateException("a broken metric");
          }

          @Override
          public void exchanged(int settled, int claimed, Duration took) {
            throw new IllegalStateException("another broken metric");
          }
        };
    engine = engine(config(), new TestEvents.Daily(), attempt -> succeed(), throwing);

    engine.drain();

    assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
  }

  @Test
  void whileOneExchangeHangsAnotherClaimsOtherEvents() throws Exception {
    engine.close();
    Event first = plan();
    AtomicInteger exchanges = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    EngineListener hanging =
        new EngineListener() {
          @Override
          public void exchanged(int settled, int claimed, Duration took) {
            if (exchanges.getAndIncrement() == 0) {
              await(go);
            }
          }
        };
    CountDownLatch both = new CountDownLatch(2);
    Target target =
        attempt -> {
          both.countDown();
          return new Outcome.Succeeded();
        };
    engine = engine(config().withClaims(1, 10), new TestEvents.Daily(), target, hanging);
    Event second = plan();

    engine.start();

    assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
    go.countDown();
    engine.stop(Duration.ofSeconds(30));
    assertThat(status(first)).isEqualTo(EventStatus.COMPLETED);
    assertThat(status(second)).isEqualTo(EventStatus.COMPLETED);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome succeed() {
    performed.countDown();
    return new Outcome.Succeeded();
  }

  private Event plan() {
    Event event = TestEvents.dueAt(NOW);
    memory.plan(List.of(event));
    return event;
  }

  private EventStatus status(Event event) {
    return memory.find(event.id()).orElseThrow().status();
  }

  private Engine engine(EventType type, Target target) {
    return engine(config(), type, target, recorder);
  }

  private Engine engine(
      EngineConfig config, EventType type, Target target, EngineListener listener) {
    EventTypes types = new EventTypes(List.of(new EventTypes.Registration(type, target)));
    return new Engine(new Engine.Parts(config, store, types, clock, listener));
  }

  private static EngineConfig config() {
    return EngineConfig.of("test").withPollInterval(Duration.ofMillis(20));
  }

  /** A store whose connection breaks as often as it is told. */
  private static final class Unreliable implements EventStore {

    private final EventStore store;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger failuresWhileSettling = new AtomicInteger();
    private final AtomicInteger lostAnswers = new AtomicInteger();

    Unreliable(EventStore store) {
      this.store = store;
    }

    @Override
    public Exchange exchange(ProcessId process, List<Transition> settled, int limit, Instant now) {
      breakIf(failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0);
      if (!settled.isEmpty()) {
        breakIf(failuresWhileSettling.getAndUpdate(left -> Math.max(0, left - 1)) > 0);
      }
      Exchange exchange = store.exchange(process, settled, limit, now);
      breakIf(lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0);
      return exchange;
    }

    private static void breakIf(boolean broken) {
      if (broken) {
        throw new IllegalStateException("the connection was reset");
      }
    }

    @Override
    public int plan(List<Event> events) {
      return store.plan(events);
    }

    @Override
    public ProcessId join(String name, Duration lease) {
      return store.join(name, lease);
    }

    @Override
    public boolean renew(ProcessId process, Duration lease) {
      return store.renew(process, lease);
    }

    @Override
    public int leave(ProcessId process, Instant now) {
      return store.leave(process, now);
    }

    @Override
    public int handBackUnknown(ProcessId process, Collection<UUID> known, Instant now) {
      return store.handBackUnknown(process, known, now);
    }

    @Override
    public int reap(Instant now) {
      return store.reap(now);
    }

    @Override
    public Map<UUID, List<Claim>> claimHeld(
        ProcessId process, Map<UUID, Integer> openings, Instant now) {
      return store.claimHeld(process, openings, now);
    }

    @Override
    public int release(UUID lane, int limit, Instant now) {
      return store.release(lane, limit, now);
    }

    @Override
    public Optional<EventRecord> find(UUID id) {
      return store.find(id);
    }
  }
}
