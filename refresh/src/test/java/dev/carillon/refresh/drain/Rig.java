package dev.carillon.refresh.drain;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.TestDatabases;
import dev.carillon.refresh.pace.PostgresTempoStore;
import dev.carillon.refresh.pace.TempoStore;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.record.RecordState;
import dev.carillon.refresh.record.Records;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.request.Urgency;
import dev.carillon.refresh.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A database with queue, tempo and records, and drains on it. */
final class Rig implements AutoCloseable {

  static final InstantSource CLOCK = InstantSource.system();
  static final DrainLimits LIMITS = DrainLimits.of(Duration.ofSeconds(60));

  final Database database;
  final RefreshQueue queue;
  final TempoStore tempos;

  private Rig(Database database, RefreshQueue queue, TempoStore tempos) {
    this.database = database;
    this.queue = queue;
    this.tempos = tempos;
    database.jdbi().useHandle(handle -> handle.execute(TestSource.TABLE));
  }

  static Rig postgres() {
    return postgres(TestDatabases.migrated());
  }

  static Rig postgres(Database database) {
    return new Rig(
        database,
        new PostgresRefreshQueue(database.jdbi()),
        new PostgresTempoStore(database.jdbi()));
  }

  static Rig of(RefreshQueue queue, TempoStore tempos) {
    return new Rig(TestDatabases.migrated(), queue, tempos);
  }

  static Rig of(Database database, RefreshQueue queue, TempoStore tempos) {
    return new Rig(database, queue, tempos);
  }

  static TestSource source(double limit) {
    return new TestSource(limit, CLOCK);
  }

  static RecordKey key(String tag) {
    return new RecordKey(TestSource.NAME, "clan", tag);
  }

  static RefreshRequest request(String tag) {
    return new RefreshRequest(key(tag), Priority.MEDIUM, CLOCK.instant());
  }

  Drain drain(Source source) {
    return drain(source, CLOCK);
  }

  Drain drain(Source source, InstantSource clock) {
    return new Drain(new Drain.Parts(source, queue, tempos, database.jdbi(), clock, Intake.NONE));
  }

  DrainReport drained(Source source) {
    return drain(source).run(LIMITS, new Stop(), _ -> {});
  }

  /** A drain that runs on a thread of its own. */
  FutureTask<DrainReport> draining(Source source, Stop stop) {
    FutureTask<DrainReport> task = new FutureTask<>(() -> drain(source).run(LIMITS, stop, _ -> {}));
    Thread.ofVirtual().start(task);
    return task;
  }

  Refreshes refreshes(Source... sources) {
    return new Refreshes(List.of(sources), Urgency.MEDIUM, queue, tempos, database.jdbi(), CLOCK);
  }

  /** Queues so many records, each asked for a microsecond after the one before. */
  List<String> enqueue(int count) {
    Instant now = CLOCK.instant();
    List<String> tags = new ArrayList<>();
    List<RefreshRequest> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // The tags' own order is another one than that of their arrival.
      String tag = "#%06d".formatted(i * 7919L % 1_000_003);
      tags.add(tag);
      batch.add(new RefreshRequest(key(tag), Priority.MEDIUM, now.plusNanos(i)));
      if (batch.size() == RefreshQueue.MAX_BATCH || i == count - 1) {
        queue.add(batch);
        batch.clear();
      }
    }
    return tags;
  }

  long waiting() {
    return queue.state(TestSource.NAME, CLOCK.instant()).size();
  }

  RefreshQueue.State queueState() {
    return queue.state(TestSource.NAME, CLOCK.instant());
  }

  Optional<RecordState> state(String tag) {
    return database
        .jdbi()
        .withHandle(
            handle -> Optional.ofNullable(Records.states(handle, List.of(key(tag))).get(key(tag))));
  }

  int count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
  }

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within two minutes");
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
