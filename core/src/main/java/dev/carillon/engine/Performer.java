package dev.carillon.engine;

import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.store.Claim;
import dev.carillon.store.Transition;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Performs a claim: one value through start, perform, settle. The only place that catches all. */
final class Performer {

  private static final Logger LOG = LoggerFactory.getLogger(Performer.class);

  private final EventTypes types;
  private final Duration timeLimit;
  private final Settlement settlement;
  private final Deadline deadline;
  private final InstantSource clock;
  private final EngineListener listener;

  Performer(Engine.Parts parts, Settlement settlement, Deadline deadline) {
    this.types = parts.types();
    this.timeLimit = parts.config().attemptTimeout();
    this.settlement = settlement;
    this.deadline = deadline;
    this.clock = parts.clock();
    this.listener = parts.listener();
  }

  /** Makes an attempt and decides what becomes of the event. Blocks; never throws. */
  Transition perform(Claim claim) {
    Event event = claim.event();
    Optional<EventTypes.Registration> registration = types.find(event.type());
    if (registration.isEmpty()) {
      Outcome unknown = new Outcome.Rejected("no event type named " + event.type());
      return settlement.settle(claim, null, unknown, clock.instant());
    }
    Outcome outcome = outcome(claim, registration.get());
    return settle(claim, registration.get().type(), outcome);
  }

  private Outcome outcome(Claim claim, EventTypes.Registration registration) {
    if (settlement.isExhausted(claim, registration.target().mostAttempts())) {
      return new Outcome.Rejected(
          "begun %d times, and each time the process died".formatted(claim.attempt() - 1));
    }
    Attempt attempt;
    try {
      EventType type = registration.type();
      String payload = type.payload(claim.event());
      String destination = type.destination(claim.event()).orElse(null);
      attempt = new Attempt(claim.event(), claim.attempt(), clock.instant(), payload, destination);
    } catch (RuntimeException | Error e) {
      LOG.warn("event {} of type {} has no payload", claim.event().id(), claim.event().type(), e);
      return new Outcome.Rejected("its data cannot be read: " + e.getMessage());
    }
    return invoke(attempt, registration.target());
  }

  private Outcome invoke(Attempt attempt, Target target) {
    long start = System.nanoTime();
    Outcome outcome;
    try (Deadline.Guard _ = deadline.guard(target.timeLimit(timeLimit))) {
      outcome = target.perform(attempt);
    } catch (InterruptedException e) {
      outcome = new Outcome.Retryable("interrupted: the time for one attempt was over");
    } catch (Throwable e) {
      LOG.warn("event {}: attempt {} failed", attempt.event().id(), attempt.number(), e);
      outcome = new Outcome.Retryable(e.toString());
    }
    report(attempt, outcome, Duration.ofNanos(System.nanoTime() - start));
    return outcome;
  }

  private Transition settle(Claim claim, EventType type, Outcome outcome) {
    Instant now = clock.instant();
    try {
      return settlement.settle(claim, type, outcome, now);
    } catch (RuntimeException | Error e) {
      LOG.error("event {}: what follows it cannot be planned", claim.event().id(), e);
      return settlement.settle(claim, null, outcome, now);
    }
  }

  private void report(Attempt attempt, Outcome outcome, Duration took) {
    if (attempt.isLate() && outcome instanceof Outcome.Succeeded) {
      LOG.warn(
          "event {} of type {} was due at {} and was done {} late",
          attempt.event().id(),
          attempt.event().type(),
          attempt.event().at().instant(),
          attempt.lateness());
    }
    listener.attempted(attempt, outcome, took);
  }
}
