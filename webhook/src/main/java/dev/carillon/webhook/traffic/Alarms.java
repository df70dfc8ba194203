package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.postgres.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts on an alert in the transaction that noticed the trouble: disables the endpoint if need be,
 * and plans an event for each endpoint that is told.
 *
 * @param message makes the event that tells an endpoint
 */
record Alarms(BiFunction<Alert, UUID, Event> message) {

  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  private static final Statements SQL = Statements.beside(Alarms.class, "alarms.sql");

  Alarms {
    requireNonNull(message, "message is null");
  }

  void raise(Handle handle, Alert alert) {
    boolean disables = alert.kind() == Alert.Kind.DISABLED;
    if (disables && disable(handle, alert) == 0) {
      return;
    }
    LOG.warn(
        "endpoint {} ({}): {}, {} attempts failed in a row: {}",
        alert.name(),
        alert.endpoint(),
        alert.kind(),
        alert.failures(),
        alert.cause());
    PostgresEventStore.plan(handle, messages(alert, told(handle, alert)));
  }

  private static int disable(Handle handle, Alert alert) {
    return handle
        .createUpdate(SQL.get("disable"))
        .bind("id", alert.endpoint())
        .bind("at", alert.at())
        .bind("reason", "disabled by itself: " + alert.cause())
        .execute();
  }

  private static List<UUID> told(Handle handle, Alert alert) {
    return handle
        .createQuery(SQL.get("told"))
        .bind("endpoint", alert.endpoint())
        .bind("most", TrafficTable.MAX_ALERTED)
        .mapTo(UUID.class)
        .list();
  }

  /** A message that cannot be made is not worth the traffic of all endpoints. */
  private List<Event> messages(Alert alert, List<UUID> told) {
    List<Event> messages = new ArrayList<>();
    for (UUID endpoint : told) {
      try {
        messages.add(message.apply(alert, endpoint));
      } catch (RuntimeException e) {
        LOG.error("endpoint {} cannot be told of {}", endpoint, alert, e);
      }
    }
    return messages;
  }
}
