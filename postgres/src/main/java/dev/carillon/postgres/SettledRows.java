package dev.carillon.postgres;

import static dev.carillon.postgres.EventRows.column;
import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.store.Transition;
import dev.carillon.target.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Transitions as arrays of columns for bulk statements. */
final class SettledRows {

  private SettledRows() {}

  /** Binds what becomes of events, and the events that follow. */
  static void bind(Query query, List<Transition> settled) {
    query
        .bindArray("event_id", UUID.class, column(settled, t -> t.claim().event().id()))
        .bindArray("version", Long.class, column(settled, t -> t.claim().version()))
        .bindArray("attempts", Integer.class, column(settled, SettledRows::attempts))
        .bindArray("kind", String.class, column(settled, SettledRows::kind))
        .bindArray("at", String.class, column(settled, t -> t.at().toString()))
        .bindArray("reason", String.class, column(settled, SettledRows::reason))
        .bindArray("due", String.class, column(settled, SettledRows::due))
        .bindArray("lane", UUID.class, column(settled, SettledRows::lane));
    List<UUID> previous = new ArrayList<>();
    List<Event> next = new ArrayList<>();
    for (Transition transition : settled) {
      transition
          .next()
          .ifPresent(event -> {
            previous.add(transition.claim().event().id());
            next.add(event);
          });
    }
    query.bindArray("previous_id", UUID.class, previous.toArray());
    EventRows.bind(query, next);
  }

  private static String kind(Transition transition) {
    return switch (transition) {
      case Transition.Completed _ -> "COMPLETED";
      case Transition.Failed _ -> "FAILED";
      case Transition.Retried retried -> retried.counts() ? "RETRIED" : "POSTPONED";
      case Transition.Held _ -> "HELD";
      case Transition.Cancelled _ -> "CANCELLED";
    };
  }

  private static @Nullable String reason(Transition transition) {
    return switch (transition) {
      case Transition.Completed _ -> null;
      case Transition.Failed failed -> failed.reason();
      case Transition.Retried retried -> retried.reason();
      case Transition.Held held -> held.reason();
      case Transition.Cancelled cancelled -> cancelled.reason();
    };
  }

  private static @Nullable String due(Transition transition) {
    return switch (transition) {
      case Transition.Completed _, Transition.Failed _, Transition.Held _, Transition.Cancelled _ ->
          null;
      case Transition.Retried retried -> retried.due().toString();
    };
  }

  private static @Nullable UUID lane(Transition transition) {
    if (transition instanceof Transition.Held held) {
      return held.lane();
    }
    return transition.receipt() == null ? null : transition.receipt().lane();
  }

  private static int attempts(Transition transition) {
    boolean counts =
        switch (transition) {
          case Transition.Completed _, Transition.Failed _ -> true;
          case Transition.Retried retried -> retried.counts();
          case Transition.Held _, Transition.Cancelled _ -> false;
        };
    return transition.claim().attempt() - (counts ? 0 : 1);
  }

  private static Receipt receipt(Transition transition) {
    return requireNonNull(transition.receipt(), "only what has a receipt is logged");
  }

  /** Binds what targets tell of attempts; each has a receipt. */
  static void bindAttempts(Update update, List<Transition> attempts) {
    update
        .bindArray("event_id", UUID.class, column(attempts, t -> t.claim().event().id()))
        .bindArray("version", Long.class, column(attempts, t -> t.claim().version()))
        .bindArray("number", Integer.class, column(attempts, t -> t.claim().attempt()))
        .bindArray("lane", UUID.class, column(attempts, SettledRows::lane))
        .bindArray(
            "started_at", String.class, column(attempts, t -> receipt(t).startedAt().toString()))
        .bindArray("ended_at", String.class, column(attempts, t -> t.at().toString()))
        .bindArray("result", String.class, column(attempts, SettledRows::kind))
        .bindArray("reason", String.class, column(attempts, SettledRows::reason))
        .bindArray("details", String.class, column(attempts, t -> receipt(t).details()));
  }
}
