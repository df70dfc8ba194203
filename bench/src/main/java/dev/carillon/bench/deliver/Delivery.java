package dev.carillon.bench.deliver;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchDatabase.Counters;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.drain.Measurement;
import dev.carillon.postgres.Database;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Lets Carillon deliver loads, each from a fresh database of one server.
 *
 * @param server where the databases are
 * @param receiver where everything goes
 * @param progress hears what is going on
 */
record Delivery(BenchServer server, ReceiverProcess receiver, Consumer<String> progress) {

  /** How long one load may take after its last event was due. */
  static final Duration TIMEOUT = Duration.ofMinutes(5);

  private static final int COSTLIEST = 16;
  private static final Duration POLL = Duration.ofMillis(10);

  /** Plans a load, delivers it, and counts. */
  Delivered once(Load load, int round) throws InterruptedException {
    BenchDatabase database = server.fresh(load.name());
    Vault vault = new Vault(List.of(EncryptionKey.generate()));
    Instant start = InstantSource.system().instant().plus(load.ahead());
    Planned planned = plan(database, vault, load, start);
    database.awaitUnused();
    database.settle();
    receiver.take();
    Instant begun;
    Counters from;
    Counters to;
    double cpu;
    try (Carillon carillon = Carillon.connect(database, vault);
        Handle handle = database.observe()) {
      begun = requireEarly(load, start);
      from = database.counters();
      cpu = receiver.cpuSeconds();
      carillon.start();
      awaitArrived(load, planned.to(load.answering()).count());
      if (!load.hanging()) {
        awaitDone(handle, planned.count());
      }
      to = database.counters();
      cpu = receiver.cpuSeconds() - cpu;
    }
    database.awaitUnused();
    Arrivals arrivals = Arrivals.of(planned.to(load.answering()), receiver.take());
    return told(
        new Delivered(
            load,
            begun,
            measurement(database, load, round, arrivals, from, to),
            cpu,
            arrivals,
            load.hanging() ? 0 : unrecorded(database, planned.count()),
            database.costliest(COSTLIEST)));
  }

  private Planned plan(BenchDatabase database, Vault vault, Load load, Instant start) {
    try (Database tables = Database.open(Database.Address.of(database.jdbcUrl()))) {
      tables.migrate();
      Endpoints endpoints = new Endpoints(tables.jdbi(), vault, InstantSource.system());
      for (String name : load.names()) {
        create(endpoints, name, receiver.url(load.answers(name)));
      }
      return tables
          .jdbi()
          .withHandle(handle -> Planned.in(handle, load.parts(), load.names(), start));
    }
  }

  private static void create(Endpoints endpoints, String name, URI url) {
    EndpointSettings usual = EndpointSettings.of(name, url);
    EndpointSettings settings =
        new EndpointSettings(
            name,
            url,
            usual.policy(),
            usual.retry(),
            usual.traffic(),
            Load.TIMEOUT,
            usual.alerts(),
            usual.tls());
    EndpointChange change = endpoints.create(settings, SigningKey.generate(), null);
    if (!(change instanceof EndpointChange.Done)) {
      throw new IllegalStateException("no endpoint was made: " + change);
    }
  }

  private static Instant requireEarly(Load load, Instant start) {
    Instant now = InstantSource.system().instant();
    if (!load.ahead().isZero() && now.isAfter(start)) {
      throw new IllegalStateException(
          "%s: the load began before it was planned; this machine is too busy".formatted(load));
    }
    return now;
  }

  private void awaitArrived(Load load, int count) throws InterruptedException {
    long deadline = System.nanoTime() + load.length().plus(TIMEOUT).toNanos();
    int arrived = receiver.count();
    while (arrived < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s: %d of %d events arrived in time".formatted(load.name(), arrived, count));
      }
      Thread.sleep(POLL);
      arrived = receiver.count();
    }
  }

  private static void awaitDone(Handle handle, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (count(handle, "completed") < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("what arrived is not done after " + TIMEOUT);
      }
      Thread.sleep(POLL);
    }
  }

  private static long unrecorded(BenchDatabase database, int count) {
    try (Handle handle = database.observe()) {
      return 2L * count - count(handle, "logged") - count(handle, "followed");
    }
  }

  private static long count(Handle handle, String statement) {
    return handle.createQuery(Planned.SQL.get(statement)).mapTo(Long.class).one();
  }

  private static Measurement measurement(
      BenchDatabase database, Load load, int round, Arrivals arrivals, Counters from, Counters to) {
    return new Measurement(
        load.name(),
        round,
        arrivals.planned().count(),
        arrivals.first().size() + arrivals.duplicates(),
        from,
        to,
        database.log(from, to),
        database.deadTuples());
  }

  private Delivered told(Delivered delivered) {
    progress.accept(
        "round %d  %-10s %,8.0f/s  p99 %,.0f ms  %.2f statements%s"
            .formatted(
                delivered.measured().round(),
                delivered.load().name(),
                delivered.measured().eventsPerSecond(),
                delivered.arrivals().lags().percentile(0.99),
                delivered.measured().statementsPerEvent(),
                delivered.isCorrect() ? "" : "  NOT CORRECT"));
    return delivered;
  }
}
