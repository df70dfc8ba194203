package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.event.EventType;
import dev.carillon.memory.InMemoryEventStore;
import dev.carillon.memory.SettableClock;
import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.EventRecord;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EngineTest {

  private static final EngineConfig CONFIG =
      EngineConfig.of("test")
          .withPollInterval(Duration.ofMillis(20))
          .withLease(Duration.ofMinutes(1))
          .withRetry(
              new RetryPolicy(
                  3,
                  new Backoff.Exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)),
                  Duration.ofHours(1)));

  private final SettableClock clock = new SettableClock(NOW);
  private final SettableClock leaseClock = new SettableClock(NOW);
  private final InMemoryEventStore store = new InMemoryEventStore(leaseClock);
  private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final Recorder recorder = new Recorder();
  private @Nullable Engine engine;

  @AfterEach
  void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Nested
  class DrivenByHand {

    @Test
    void whatIsDueIsPerformedAndTheNextDaysEventIsPlanned() throws Exception {
      Event event = plan(NOW);

      Instant nextDue = engine(attempt -> new Outcome.Succeeded()).drain();

      assertThat(attempts).extracting(Attempt::event).containsExactly(event);
      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
      assertThat(nextDue).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void aStepPerformsWhatIsDueAndSettlesItWithTheNextStepsClaim() throws Exception {
      Event event = plan(NOW);
      Event later = plan(NOW.plusSeconds(60));
      Engine engine =
          engine(attempt ->
              attempt.event().equals(event) && attempt.number() == 1
                  ? new Outcome.Retryable("HTTP 429", Duration.ofSeconds(30), null, null)
                  : new Outcome.Succeeded());

      assertThat(engine.step()).isEqualTo(NOW.plusSeconds(30));
      assertThat(status(event)).isEqualTo(EventStatus.PROCESSING);
      clock.advance(Duration.ofSeconds(30));
      assertThat(engine.step()).isEqualTo(NOW.plusSeconds(60));
      clock.advance(Duration.ofSeconds(30));
      engine.drain();

      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
      assertThat(status(later)).isEqualTo(EventStatus.COMPLETED);
    }

    @Test
    void nothingIsPerformedBeforeItIsDue() throws Exception {
      plan(NOW.plusMillis(1));

      Instant nextDue = engine(attempt -> new Outcome.Succeeded()).drain();

      assertThat(attempts).isEmpty();
      assertThat(nextDue).isEqualTo(NOW.plusMillis(1));
    }

    @Test
    void afterDowntimeEverythingMissedIsPerformedOnceAndMarkedLate() throws Exception {
      plan(NOW);
      Engine engine = engine(attempt -> new Outcome.Succeeded());
      clock.advance(Duration.ofDays(3));

      engine.drain();

      assertThat(attempts)
          .extracting(Attempt::lateness)
          .containsExactly(
              Duration.ofDays(3), Duration.ofDays(2), Duration.ofDays(1), Duration.ZERO);
      assertThat(attempts).extracting(Attempt::isLate).containsExactly(true, true, true, false);
    }

    @Test
    void aFailureThatPassesIsRetriedUntilItSucceeds() throws Exception {
      Event event = plan(NOW);
      Engine engine =
          engine(attempt ->
              attempt.number() < 3 ? new Outcome.Retryable("HTTP 503") : new Outcome.Succeeded());

      drainAll(engine, NOW.plusSeconds(60));

      assertThat(attempts).extracting(Attempt::number).containsExactly(1, 2, 3);
      assertThat(attempts).extracting(attempt -> attempt.event().id()).containsOnly(event.id());
      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
    }

    @Test
    void anEventWhoseAttemptsAllFailBecomesADeadLetterAndTheNextIsPlanned() throws Exception {
      Event event = plan(NOW);
      Engine engine = engine(attempt -> new Outcome.Retryable("HTTP 500"));

      Instant nextDue = drainAll(engine, NOW.plusSeconds(60));

      assertThat(attempts).hasSize(3);
      assertThat(record(event).failureReason()).isEqualTo("gave up after 3 attempts: HTTP 500");
      assertThat(nextDue).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void aTargetThatThrowsIsRetried() throws Exception {
      Event event = plan(NOW);

      engine(
              attempt -> {
                throw new IllegalStateException("boom");
              })
          .drain();

      assertThat(status(event)).isEqualTo(EventStatus.PENDING);
      assertThat(record(event).failureReason()).contains("boom");
    }

    @Test
    void aTargetThatDoesNotReturnIsInterruptedAndRetried() throws Exception {
      Event event = plan(NOW);
      CountDownLatch never = new CountDownLatch(1);
      EngineConfig config = CONFIG.withAttemptTimeout(Duration.ofMillis(50));

      engine(
              config,
              attempt -> {
                never.await();
                return new Outcome.Succeeded();
              })
          .drain();

      assertThat(status(event)).isEqualTo(EventStatus.PENDING);
      assertThat(record(event).failureReason()).contains("interrupted");
    }

    @Test
    void aTargetMayTakeAsLongAsItSays() throws Exception {
      Event event = plan(NOW);
      EngineConfig config = CONFIG.withAttemptTimeout(Duration.ofMillis(50));
      Target slow =
          new Target() {
            @Override
            public Outcome perform(Attempt attempt) throws InterruptedException {
              // Twice as long as other targets may take; nobody counts down.
              var _ = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
              return new Outcome.Succeeded();
            }

            @Override
            public Duration timeLimit(Duration usual) {
              assertThat(usual).isEqualTo(config.attemptTimeout());
              return Duration.ofMinutes(1);
            }
          };

      EventType daily = new TestEvents.Daily();
      engine(config, new EventTypes(List.of(new EventTypes.Registration(daily, slow)))).drain();

      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
    }

    @Test
    void anEventOfAnUnknownTypeBecomesADeadLetter() throws Exception {
      Event event = plan(NOW);
      Engine unknowing = engine(CONFIG, new EventTypes(List.of()));

      unknowing.drain();

      assertThat(record(event).failureReason()).isEqualTo("no event type named DAILY");
    }

    @Test
    void anEventWhoseDataCannotBeReadBecomesADeadLetterAndDoesNotStopOthers() throws Exception {
      Event event = plan(NOW);
      EventType unreadable = new Unreadable();

      engine(CONFIG, types(unreadable, attempt -> new Outcome.Succeeded())).drain();

      assertThat(record(event).status()).isEqualTo(EventStatus.FAILED);
      assertThat(record(event).failureReason()).contains("cannot be read");
      assertThat(attempts).isEmpty();
    }

    @Test
    void anEventWhoseProcessDiesEachTimeIsGivenUp() throws Exception {
      Event event = plan(NOW);
      for (int i = 0; i < 3; i++) {
        var process = store.join("dies", Duration.ofSeconds(-1));
        assertThat(store.exchange(process, List.of(), 1, NOW).claims()).hasSize(1);
        store.reap(NOW);
      }

      engine(attempt -> new Outcome.Succeeded()).drain();

      assertThat(attempts).isEmpty();
      assertThat(record(event).failureReason())
          .isEqualTo("begun 3 times, and each time the process died");
    }

    @Test
    void noMoreIsInFlightThanTheConcurrencyAllows() throws Exception {
      for (int i = 0; i < 50; i++) {
        plan(NOW);
      }
      InFlight inFlight = new InFlight();

      engine(CONFIG.withClaims(10, 7), inFlight).drain();

      assertThat(attempts).hasSize(50);
      assertThat(inFlight.most).isLessThanOrEqualTo(7);
    }
  }

  @Nested
  class RunningByItself {

    @Test
    void aHintedEventIsPerformedWhenTheClockReachesIt() throws Exception {
      CountDownLatch performed = new CountDownLatch(1);
      Engine engine =
          engine(attempt -> {
            performed.countDown();
            return new Outcome.Succeeded();
          });
      engine.start();
      Event event = plan(NOW.plusSeconds(5));
      engine.hint(NOW.plusSeconds(5));
      clock.advance(Duration.ofSeconds(5));

      assertThat(performed.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(engine.stop(Duration.ofSeconds(10))).isZero();
      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
    }

    @Test
    void stoppingFinishesWhatIsInFlight() throws Exception {
      Event event = plan(NOW);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Engine engine =
          engine(attempt -> {
            begun.countDown();
            go.await();
            return new Outcome.Succeeded();
          });
      engine.start();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      Thread stopping = Thread.ofVirtual().start(engine::close);
      go.countDown();
      stopping.join();

      assertThat(status(event)).isEqualTo(EventStatus.COMPLETED);
    }

    @Test
    void stoppingHandsBackWhatDoesNotEndInTime() throws Exception {
      Event event = plan(NOW);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch never = new CountDownLatch(1);
      Engine engine =
          engine(attempt -> {
            begun.countDown();
            never.await();
            return new Outcome.Succeeded();
          });
      engine.start();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(engine.stop(Duration.ofMillis(50))).isEqualTo(1);

      assertThat(status(event)).isEqualTo(EventStatus.PENDING);
    }

    @Test
    void anEngineStartsOnce() {
      Engine engine = engine(attempt -> new Outcome.Succeeded());
      engine.start();

      assertThatIllegalStateException().isThrownBy(engine::start);
    }

    @Test
    void manyEventsAreAllPerformedOnce() throws Exception {
      int events = 500;
      CountDownLatch performed = new CountDownLatch(events);
      for (int i = 0; i < events; i++) {
        plan(NOW);
      }
      Engine engine =
          engine(attempt -> {
            performed.countDown();
            return new Outcome.Succeeded();
          });

      engine.start();

      assertThat(performed.await(30, TimeUnit.SECONDS)).isTrue();
      engine.stop(Duration.ofSeconds(10));
      assertThat(attempts).extracting(a -> a.event().id()).hasSize(events).doesNotHaveDuplicates();
      assertThat(recorder.settled()).isEqualTo(events);
    }
  }

  @Nested
  class Types {

    @Test
    void twoTypesOfTheSameNameAreRefused() {
      EventType daily = new TestEvents.Daily();
      Target target = attempt -> new Outcome.Succeeded();
      var registration = new EventTypes.Registration(daily, target);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> new EventTypes(List.of(registration, registration)))
          .withMessageContaining("DAILY");
    }
  }

  private Event plan(Instant due) {
    Event event = TestEvents.dueAt(due);
    store.plan(List.of(event));
    return event;
  }

  private Engine engine(Target target) {
    return engine(CONFIG, target);
  }

  private Engine engine(EngineConfig config, Target target) {
    return engine(config, types(new TestEvents.Daily(), target));
  }

  private Engine engine(EngineConfig config, EventTypes types) {
    engine = new Engine(new Engine.Parts(config, store, types, clock, recorder));
    return engine;
  }

  private EventTypes types(EventType type, Target target) {
    Target recording =
        attempt -> {
          attempts.add(attempt);
          return target.perform(attempt);
        };
    return new EventTypes(List.of(new EventTypes.Registration(type, recording)));
  }

  private @Nullable Instant drainAll(Engine drained, Instant until) throws InterruptedException {
    Instant due = drained.drain();
    while (due != null && !due.isAfter(until)) {
      clock.set(due);
      due = drained.drain();
    }
    return due;
  }

  private EventRecord record(Event event) {
    return store.find(event.id()).orElseThrow();
  }

  private EventStatus status(Event event) {
    return record(event).status();
  }

  private static final class Unreadable implements EventType {

    @Override
    public String name() {
      return "DAILY";
    }

    @Override
    public String payload(Event event) {
      throw new IllegalArgumentException("no first name");
    }

    @Override
    public Optional<Event> next(Event event) {
      throw new IllegalArgumentException("no first name");
    }
  }

  private static final class InFlight implements Target {

    private int now;
    private int most;

    @Override
    public Outcome perform(Attempt attempt) {
      synchronized (this) {
        now++;
        most = Math.max(most, now);
      }
      synchronized (this) {
        now--;
      }
      return new Outcome.Succeeded();
    }
  }
}
