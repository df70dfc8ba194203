package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class PartitioningTest {

  private static final int WRITERS = 4;
  private static final int JOBS = 40;
  private static final int BATCH = 500;
  private static final String VERSION = "004_partition_job_objects";

  private final Database database;
  private final Optimisations optimisations;
  private final PartitionedObjects partitioned;
  private final List<String> said = new ArrayList<>();

  PartitioningTest(PostgresVersion version) {
    database = version.migrated();
    optimisations = OptimisationsTest.of(database);
    partitioned = new PartitionedObjects(database.jdbi(), BATCH);
    run(
        "INSERT INTO jobs (job_id, bucket) SELECT lpad(n::text, 32, '0')::uuid, 'b' FROM generate_series(0, %d) n"
            .formatted(JOBS - 1));
    run(
        """
        INSERT INTO job_objects (job_id, bucket, key, etag, status)
        SELECT lpad((n %% %d)::text, 32, '0')::uuid, 'old', 'k' || n, 'e', 'queued' FROM generate_series(1, 8000) n
        """
            .formatted(JOBS));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void allThatBelongsToTheTableIsKept() {
    optimisations.migrate(said::add);
    run("DROP ROLE IF EXISTS reader");
    run("CREATE ROLE reader");
    run("GRANT SELECT ON job_objects TO reader");
    run("GRANT UPDATE (status) ON job_objects TO reader");
    run("COMMENT ON TABLE job_objects IS 'what is scanned'");
    run("CREATE VIEW failed_objects AS SELECT * FROM job_objects WHERE status = 'failed'");
    run("CREATE INDEX \"Some keys\" ON job_objects (key) WHERE status = 'failed'");
    run(
        "CREATE TABLE notes (job_id uuid, bucket text, key text, etag text, FOREIGN KEY (job_id, bucket, key, etag) REFERENCES job_objects)");
    run("INSERT INTO notes SELECT job_id, bucket, key, etag FROM job_objects LIMIT 10");
    String before = belongings();

    Report report = optimisations.migrate(VERSION, said::add);

    assertThat(report.verified()).isTrue();
    assertThat(report.steps().getLast().result()).isEqualTo(Step.Result.APPLIED);
    assertThat(belongings()).isEqualTo(before);
    assertThat(number("SELECT count(*) FROM pg_partition_tree('job_objects') WHERE isleaf"))
        .isEqualTo(16);
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(8000);
    run("UPDATE job_objects SET status = 'failed' WHERE key = 'k1'");
    assertThat(number("SELECT count(*) FROM failed_objects")).isOne();
    run("REFRESH MATERIALIZED VIEW CONCURRENTLY job_progress");
    assertThat(number("SELECT sum(failed_count) FROM job_progress")).isOne();
    assertThat(number("SELECT count(*) FROM pg_class WHERE relname LIKE 'carillon_job%'")).isZero();

    assertThat(optimisations.migrate(VERSION, said::add).steps().getLast().result())
        .isEqualTo(Step.Result.ALREADY_THERE);
    assertThat(optimisations.rollback("003", said::add).steps().getLast().result())
        .isEqualTo(Step.Result.ROLLED_BACK);
    assertThat(belongings()).isEqualTo(before);
    assertThat(text("SELECT relkind::text FROM pg_class WHERE oid = 'job_objects'::regclass"))
        .isEqualTo("r");
    assertThat(optimisations.migrate(said::add).verified()).isTrue();
    run("DROP OWNED BY reader");
    run("DROP ROLE reader");
  }

  @Test
  void nothingIsLostOrInventedWhileOthersWrite() throws ExecutionException, InterruptedException {
    optimisations.migrate(said::add);
    AtomicBoolean over = new AtomicBoolean();
    List<Writer> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Writer writer = new Writer(i, over);
        writers.add(writer);
        running.add(threads.submit(writer::run));
      }
      try {
        partitioned.apply(said::add);
        partitioned.rollback(said::add);
        partitioned.apply(said::add);
      } finally {
        over.set(true);
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertThat(said).anyMatch(line -> line.contains("took over") && !line.contains(" 0 changes"));
    Map<String, String> expected = new TreeMap<>();
    writers.forEach(writer -> {
      assertThat(writer.writes).isPositive();
      expected.putAll(writer.rows);
    });
    assertThat(rows("bucket LIKE 'w%'")).isEqualTo(expected);
    assertThat(partitioned.differences()).isEmpty();
  }

  @Test
  void whatARunThatDiedLeftBehindIsThrownAwayByTheNext() {
    optimisations.migrate(said::add);
    ObjectsCopy dying =
        new ObjectsCopy(
            database.jdbi(),
            PartitionedObjects.Form.PARTITIONED,
            BATCH,
            line -> {
              said.add(line);
              if (line.contains("copied 1,")) {
                throw new IllegalStateException("died");
              }
            });
    assertThatIllegalStateException().isThrownBy(dying::run).withMessage("died");
    run("DELETE FROM job_objects WHERE key = 'k1'");
    assertThat(partitioned.differences())
        .singleElement()
        .asString()
        .contains("begun and not ended");

    assertThat(optimisations.migrate(VERSION, said::add).verified()).isTrue();
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(7999);
  }

  @Test
  void rollbackAfterARunThatDiedRemovesItsTriggers() {
    ObjectsCopy dying =
        new ObjectsCopy(
            database.jdbi(),
            PartitionedObjects.Form.PARTITIONED,
            BATCH,
            line -> {
              if (line.contains("making its indexes")) {
                throw new IllegalStateException("died");
              }
            });
    assertThatIllegalStateException().isThrownBy(dying::run);

    assertThat(partitioned.rollback(said::add)).isTrue();
    assertThat(number("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'")).isZero();
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(8000);
  }

  @Test
  void truncatingMeanwhileEmptiesTheCopy() {
    ObjectsCopy truncated =
        new ObjectsCopy(
            database.jdbi(),
            PartitionedObjects.Form.PARTITIONED,
            BATCH,
            line -> {
              if (line.contains("making its indexes")) {
                run("TRUNCATE job_objects");
                run(
                    "INSERT INTO job_objects (job_id, bucket, key, etag) SELECT job_id, 'new', 'k', 'e' FROM jobs");
              }
            });

    truncated.run();

    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(JOBS);
  }

  @Test
  void aTableThatCannotBePartitionedSaysWhy() {
    run("ALTER TABLE job_objects DROP CONSTRAINT job_objects_pkey, ADD PRIMARY KEY (key)");
    run("CREATE MATERIALIZED VIEW theirs AS SELECT key FROM job_objects");

    assertThatIllegalStateException()
        .isThrownBy(() -> partitioned.apply(said::add))
        .withMessageContaining("does not contain job_id")
        .withMessageContaining("theirs");
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(8000);
  }

  /** Changes rows of its own bucket, and knows what they must be in the end. */
  private final class Writer {

    final Map<String, String> rows = new TreeMap<>();
    private final String bucket;
    private final Random random;
    private final AtomicBoolean over;
    private int writes;

    Writer(int number, AtomicBoolean over) {
      this.bucket = "w" + number;
      this.random = new Random(number);
      this.over = over;
    }

    void run() {
      while (!over.get()) {
        Map<String, String> after = new TreeMap<>(rows);
        database
            .jdbi()
            .useTransaction(handle -> {
              for (int i = 0; i < 5; i++) {
                write(handle, after);
              }
            });
        rows.clear();
        rows.putAll(after);
        writes++;
      }
    }

    private void write(Handle handle, Map<String, String> after) {
      String job = "%032d".formatted(random.nextInt(JOBS));
      String key = "k" + random.nextInt(200);
      String id = job + "/" + bucket + "/" + key;
      String status = random.nextBoolean() ? "succeeded" : "failed";
      switch (random.nextInt(3)) {
        case 0 -> {
          handle.execute(
              "INSERT INTO job_objects (job_id, bucket, key, etag, status) VALUES (?::uuid, ?, ?, 'e', ?) ON CONFLICT (job_id, bucket, key, etag) DO UPDATE SET status = excluded.status",
              job,
              bucket,
              key,
              status);
          after.put(id, status);
        }
        case 1 -> {
          handle.execute(
              "DELETE FROM job_objects WHERE job_id = ?::uuid AND bucket = ? AND key = ?",
              job,
              bucket,
              key);
          after.remove(id);
        }
        default -> {
          String moved = key + "m" + writes + "-" + random.nextInt();
          int changed =
              handle.execute(
                  "UPDATE job_objects SET key = ?, status = ? WHERE job_id = ?::uuid AND bucket = ? AND key = ?",
                  moved,
                  status,
                  job,
                  bucket,
                  key);
          if (changed == 1) {
            after.remove(id);
            after.put(job + "/" + bucket + "/" + moved, status);
          }
        }
      }
    }
  }

  private Map<String, String> rows(String condition) {
    Map<String, String> rows = new TreeMap<>();
    database
        .jdbi()
        .useHandle(handle ->
            handle
                .createQuery(
                    "SELECT replace(job_id::text, '-', '') || '/' || bucket || '/' || key AS id, status FROM job_objects WHERE "
                        + condition)
                .map((row, _) -> Map.entry(row.getString("id"), row.getString("status")))
                .forEach(row -> rows.put(row.getKey(), row.getValue())));
    return rows;
  }

  private String belongings() {
    return text(
        """
        SELECT string_agg(line, E'\\n' ORDER BY line)
        FROM (
          SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') AS line FROM pg_index WHERE indrelid = 'job_objects'::regclass
          UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = 'job_objects'::regclass OR confrelid = 'job_objects'::regclass AND conparentid = 0
          UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'job_objects'::regclass AND NOT tgisinternal
          UNION ALL SELECT relacl::text FROM pg_class WHERE oid = 'job_objects'::regclass
          UNION ALL SELECT attname || attacl::text FROM pg_attribute WHERE attrelid = 'job_objects'::regclass AND attacl IS NOT NULL
          UNION ALL SELECT attname || format_type(atttypid, atttypmod) || attnotnull FROM pg_attribute WHERE attrelid = 'job_objects'::regclass AND attnum > 0
          UNION ALL SELECT obj_description('job_objects'::regclass)
        ) lines
        """);
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private long number(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private String text(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(String.class).one());
  }
}
