package dev.carillon.webhook.traffic;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Events;
import dev.carillon.webhook.endpoint.Traffic;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A real database, with endpoints and processes that share them. */
final class TrafficDatabase implements AutoCloseable {

  private static final EmbeddedDatabase SERVER = EmbeddedDatabase.forTests();
  private static final Database DATABASE =
      Database.open(new Database.Address(SERVER.create("traffic"), null, null, 40));

  /** As endpoints have them: lanes whose first four bits are set are none of theirs. */
  private static final EventIds IDS = new EventIds(InstantSource.system());

  static {
    DATABASE.migrate();
  }

  private final List<TrafficProcess> processes = new ArrayList<>();

  /** Without endpoints and events. */
  TrafficDatabase() {
    jdbi()
        .useHandle(handle ->
            handle.execute(
                "TRUNCATE endpoint, endpoint_key, endpoint_traffic, endpoint_share, event,"
                    + " event_due, event_claim, event_history, dead_letter, event_attempt, process"));
  }

  Jdbi jdbi() {
    return DATABASE.jdbi();
  }

  TrafficProcess process() {
    TrafficProcess process = new TrafficProcess();
    processes.add(process);
    return process;
  }

  List<TrafficProcess> processes(int count) {
    List<TrafficProcess> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(process());
    }
    return all;
  }

  UUID endpoint(int concurrency) {
    return endpoint(concurrency, null, false);
  }

  /** Makes an endpoint; whether it is told of others' troubles. */
  UUID endpoint(int concurrency, Traffic.@Nullable Rate rate, boolean alerts) {
    UUID id = IDS.next();
    jdbi()
        .useHandle(handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO endpoint (id, name, url, signature, policy, concurrency,
                      rate_per_second, rate_burst, timeout_ms, alerts, managed, created_at, updated_at)
                    VALUES (:id, 'e' || replace(:id::text, '-', ''), 'https://a.example', 'v1', 'carillon',
                      :concurrency, :rate, :burst, 1000, :alerts, false, now(), now())
                    """)
                .bind("id", id)
                .bind("concurrency", concurrency)
                .bind("rate", rate == null ? null : rate.perSecond())
                .bind("burst", rate == null ? null : rate.burst())
                .bind("alerts", alerts)
                .execute());
    return id;
  }

  /** Plans events of an endpoint, due now. */
  void plan(UUID endpoint, int count) {
    Instant now = Instant.now().minusSeconds(1);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Events.ofSubject(endpoint, now));
    }
    new PostgresEventStore(jdbi()).plan(events);
  }

  void execute(String sql, Object... values) {
    jdbi().useHandle(handle -> handle.execute(sql, values));
  }

  int count(String sql, Object... values) {
    return jdbi()
        .withHandle(handle -> handle.select(sql, values).mapTo(Integer.class).findOne().orElse(0));
  }

  /** The alerts that were planned, by kind. */
  int alerts(Alert.Kind kind) {
    return count("SELECT count(*) FROM event WHERE idempotency_key LIKE ?", kind + ":%");
  }

  @Override
  public void close() {
    processes.forEach(TrafficProcess::close);
  }

  static Connection connection() throws SQLException {
    return DATABASE.dataSource().getConnection();
  }
}
