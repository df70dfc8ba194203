package dev.carillon.refresh.drain;

import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.record.Failure;
import dev.carillon.refresh.record.Failures;
import dev.carillon.refresh.record.RecordState;
import dev.carillon.refresh.record.Records;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.source.Fetched;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what calls came to: follow-ups first, then everything of the records in one transaction,
 * then the end of the requests. A crash in between makes some of it twice and loses none: what is
 * written and not ended comes back, is fresh, and is dropped. What cannot be written is kept. For
 * one thread at a time.
 */
final class Ledger {

  /** How often a transaction is tried that is rolled back for the sake of another. */
  static final int MOST_TRIES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final Drain.Parts parts;
  private final Tally tally;
  private final Map<Taken, Answer> unwritten = new LinkedHashMap<>();
  private final List<Taken> unended = new ArrayList<>();
  private final List<Taken> returning = new ArrayList<>();
  private volatile int waiting;
  private volatile @Nullable String trouble;

  Ledger(Drain.Parts parts, Tally tally) {
    this.parts = parts;
    this.tally = tally;
  }

  /** Why something could not be written, now or before; null if everything could. */
  @Nullable String trouble() {
    return trouble;
  }

  /** How many answers are not written. Any thread may ask. */
  int unwritten() {
    return waiting;
  }

  /** Has requests given back that were not served. */
  void giveBack(List<Taken> taken) {
    returning.addAll(taken);
    tally.givenBack.add(taken.size());
  }

  /**
   * Writes answers, and what could not be written before.
   *
   * @return whether nothing is left
   */
  boolean write(List<Answer> more) {
    more.forEach(this::sort);
    waiting = unwritten.size();
    try {
      writeAnswers();
      end();
      return true;
    } catch (RuntimeException e) {
      if (trouble == null) {
        LOG.warn("{} answers wait to be written", unwritten.size(), e);
      }
      trouble = "what came could not be written at first: " + Troubles.words(e);
      return false;
    }
  }

  private void sort(Answer answer) {
    switch (answer.fetched()) {
      case Fetched.Found _, Fetched.Missing _, Fetched.Failed _ ->
          unwritten.put(answer.taken(), answer);
      case Fetched.NotCalled _ -> giveBack(List.of(answer.taken()));
      case Fetched.TooFast _ -> notServed(answer, FailureKind.TOO_FAST);
      case Fetched.Down _ -> notServed(answer, FailureKind.DOWN);
      case Fetched.Refused _ -> notServed(answer, FailureKind.REFUSED);
    }
  }

  private void notServed(Answer answer, FailureKind kind) {
    tally.failed(kind);
    giveBack(List.of(answer.taken()));
  }

  /** While the queue is away, what nothing follows from is written all the same. */
  private void writeAnswers() {
    Map<Taken, List<RefreshRequest>> followUps = followUps();
    RuntimeException away = null;
    try {
      add(followUps.values().stream().flatMap(List::stream).toList());
    } catch (RuntimeException e) {
      away = e;
    }
    boolean isAway = away != null;
    List<Answer> storable =
        unwritten.values().stream()
            .filter(answer -> !isAway || !followUps.containsKey(answer.taken()))
            .toList();
    if (!storable.isEmpty()) {
      store(storable);
    }
    if (away != null) {
      throw away;
    }
  }

  /**
   * Looks at the record itself that are to come later are not among them: they are written with it.
   */
  private Map<Taken, List<RefreshRequest>> followUps() {
    Instant now = parts.clock().instant();
    Map<Taken, List<RefreshRequest>> all = new HashMap<>();
    for (Answer answer : unwritten.values()) {
      if (answer.fetched() instanceof Fetched.Found found) {
        List<RefreshRequest> some =
            found.followUps().stream()
                .filter(one -> !one.key().equals(found.key()) || !one.requestedAt().isAfter(now))
                .toList();
        if (!some.isEmpty()) {
          all.put(answer.taken(), some);
        }
      }
    }
    return all;
  }

  private void add(List<RefreshRequest> requests) {
    for (int from = 0; from < requests.size(); from += RefreshQueue.MAX_BATCH) {
      int to = Math.min(requests.size(), from + RefreshQueue.MAX_BATCH);
      parts.queue().add(requests.subList(from, to));
    }
  }

  private void end() {
    if (!unended.isEmpty()) {
      parts.queue().done(List.copyOf(unended));
      unended.clear();
    }
    if (!returning.isEmpty()) {
      parts.queue().giveBack(List.copyOf(returning));
      returning.clear();
    }
  }

  /** Stores answers together, or else by halves, until it is known which one cannot be. */
  private void store(List<Answer> answers) {
    try {
      written(answers, transaction(answers));
    } catch (RuntimeException e) {
      if (Troubles.isPassing(e)) {
        throw e;
      }
      if (answers.size() > 1) {
        int half = answers.size() / 2;
        store(answers.subList(0, half));
        store(answers.subList(half, answers.size()));
      } else {
        cannotBeStored(answers.getFirst(), e);
      }
    }
  }

  private void cannotBeStored(Answer answer, RuntimeException e) {
    RecordKey key = answer.taken().request().key();
    LOG.error("{} cannot be stored", key, e);
    String reason = "came, and cannot be stored: " + Troubles.words(e);
    Instant now = parts.clock().instant();
    Failure.Noted failure = new Failure.Noted(key, answer.taken().request().priority(), reason);
    parts.jdbi().useTransaction(handle -> Failures.note(handle, List.of(failure), now));
    tally.failed(FailureKind.STORING);
    ended(List.of(answer));
  }

  private Set<RecordKey> transaction(List<Answer> answers) {
    for (int tries = 1; ; tries++) {
      try {
        return parts.jdbi().inTransaction(handle -> store(handle, answers));
      } catch (RuntimeException e) {
        if (!Troubles.isRolledBack(e) || tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private Set<RecordKey> store(Handle handle, List<Answer> answers) {
    List<Fetched.Found> found = new ArrayList<>();
    List<Failure.Noted> failures = new ArrayList<>();
    for (Answer answer : answers) {
      if (answer.fetched() instanceof Fetched.Found one) {
        found.add(one);
      } else if (answer.fetched() instanceof Fetched.Failed failed) {
        failures.add(
            new Failure.Noted(failed.key(), answer.taken().request().priority(), failed.reason()));
      }
    }
    Set<RecordKey> changed = found.isEmpty() ? Set.of() : parts.source().store(handle, found);
    Records.write(handle, states(answers, changed).values());
    Failures.note(handle, failures, parts.clock().instant());
    return changed;
  }

  private static Map<RecordKey, RecordState> states(List<Answer> answers, Set<RecordKey> changed) {
    Map<RecordKey, RecordState> states = new HashMap<>();
    for (Answer answer : answers) {
      RecordState state =
          switch (answer.fetched()) {
            case Fetched.Found found -> state(found, changed.contains(found.key()));
            case Fetched.Missing missing ->
                new RecordState(
                    missing.key(),
                    missing.fetchedAt(),
                    missing.until(),
                    null,
                    null,
                    missing.reason());
            case Fetched.Failed _,
                Fetched.TooFast _,
                Fetched.Down _,
                Fetched.NotCalled _,
                Fetched.Refused _ ->
                null;
          };
      if (state != null) {
        states.merge(state.key(), state, (a, b) -> a.fetchedAt().isAfter(b.fetchedAt()) ? a : b);
      }
    }
    return states;
  }

  private static RecordState state(Fetched.Found found, boolean isChanged) {
    Instant look = null;
    for (RefreshRequest followUp : found.followUps()) {
      boolean isOwn = followUp.key().equals(found.key());
      if (isOwn && (look == null || followUp.requestedAt().isBefore(look))) {
        look = followUp.requestedAt();
      }
    }
    return new RecordState(
        found.key(),
        found.fetchedAt(),
        found.freshUntil(),
        look != null && look.isBefore(found.freshUntil()) ? found.freshUntil() : look,
        isChanged ? found.fetchedAt() : null,
        null);
  }

  private void written(List<Answer> answers, Set<RecordKey> changed) {
    for (Answer answer : answers) {
      switch (answer.fetched()) {
        case Fetched.Found found ->
            (changed.contains(found.key()) ? tally.changed : tally.unchanged).increment();
        case Fetched.Missing _ -> tally.missing.increment();
        case Fetched.Failed failed -> {
          tally.failed(FailureKind.CALL);
          LOG.warn("{} failed: {}", failed.key(), failed.reason());
        }
        case Fetched.TooFast _, Fetched.Down _, Fetched.NotCalled _, Fetched.Refused _ -> {
          // These are never stored: they were given back.
        }
      }
    }
    ended(answers);
  }

  private void ended(List<Answer> answers) {
    for (Answer answer : answers) {
      unwritten.remove(answer.taken());
      unended.add(answer.taken());
    }
    waiting = unwritten.size();
  }
}
