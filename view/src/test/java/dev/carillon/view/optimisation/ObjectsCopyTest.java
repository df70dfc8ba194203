package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.TransactionPooler;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.keyed.Keyed;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What others do while a table is copied neither harms the copy nor is harmed by it. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class ObjectsCopyTest {

  private static final int OBJECTS = 2_000;
  private static final int BATCH = 500;
  private static final String COPIED = "making its indexes";
  private static final ViewName LAST = new ViewName("last_updates");

  private final String url;
  private final Database database;

  ObjectsCopyTest(PostgresVersion version) {
    url = version.migratedUrl();
    database = Database.open(Database.Address.of(url));
    run(
        "INSERT INTO jobs (job_id, bucket) SELECT lpad(n::text, 32, '0')::uuid, 'b' FROM generate_series(0, 39) n");
    run(
        """
        INSERT INTO job_objects (job_id, bucket, key, etag, status)
        SELECT lpad((n %% 40)::text, 32, '0')::uuid, 'b', 'k' || n, 'e', 'queued' FROM generate_series(1, %d) n
        """
            .formatted(OBJECTS));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aTemporaryTableOfAWriterGetsNoRightsAndHidesNoChange() {
    asMallory(() -> {
      partition(
          COPIED,
          () ->
              byMallory(
                  """
                  CREATE TEMP TABLE carillon_job_objects_changes (job_id uuid, bucket text, key text, etag text);
                  CREATE FUNCTION pg_temp.climb() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN ALTER ROLE mallory SUPERUSER; RETURN NEW; END $$;
                  CREATE TRIGGER climb BEFORE INSERT ON carillon_job_objects_changes
                    FOR EACH ROW EXECUTE FUNCTION pg_temp.climb();
                  INSERT INTO job_objects (job_id, bucket, key, etag)
                  VALUES (lpad('1', 32, '0')::uuid, 'b', 'new', 'e')
                  """));

      assertThat(number("SELECT count(*) FROM pg_roles WHERE rolname = 'mallory' AND rolsuper"))
          .isZero();
    });
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(OBJECTS + 1);
  }

  @Test
  void nobodyElseCanCallWhatNotesTheChanges() {
    asMallory(() ->
        partition(
            COPIED,
            () -> {
              for (String function : List.of("changed()", "truncated('whole')")) {
                assertThatThrownBy(() ->
                        byMallory(
                            "CREATE TEMP TABLE trap (); CREATE TRIGGER spring AFTER TRUNCATE ON trap EXECUTE FUNCTION carillon_job_objects_"
                                + function))
                    .hasMessageContaining("permission denied");
              }
            }));
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(OBJECTS);
  }

  @Test
  void aPartitionThatIsTruncatedMeanwhileStaysEmpty() {
    partition(COPIED, () -> {});
    List<String> leaves = largestPartitions();
    long gone =
        number("SELECT count(*) FROM %s".formatted(leaves.getFirst()))
            + number("SELECT count(*) FROM %s".formatted(leaves.getLast()));
    String again =
        "INSERT INTO job_objects SELECT * FROM kept WHERE key = (SELECT min(key) FROM kept)";
    run("CREATE TABLE kept AS SELECT * FROM %s".formatted(leaves.getFirst()));

    new ObjectsCopy(
            database.jdbi(),
            PartitionedObjects.Form.PLAIN,
            BATCH,
            once(
                COPIED,
                () -> {
                  run("TRUNCATE " + leaves.getFirst());
                  run(again);
                },
                once("took over", () -> run("TRUNCATE " + leaves.getLast()), Progress.SILENT)))
        .run();

    assertThat(gone).isGreaterThan(2);
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(OBJECTS - gone + 1);
    assertThat(number("SELECT count(*) FROM pg_proc WHERE proname LIKE 'carillon_job_objects%'"))
        .isZero();
  }

  @Test
  void aViewThatIsKeptByItsKeysGoesOn() {
    Keyed keyed = new Keyed(database.jdbi());
    keyed.create(
        LAST,
        (ViewQuery.Valid)
            ViewQuery.parse(
                "SELECT job_id, max(key) AS last, count(*) AS n FROM job_objects GROUP BY job_id"),
        List.of());

    partition(COPIED, () -> writeFor(1));
    assertKept(keyed, 2);

    assertThat(new PartitionedObjects(database.jdbi(), BATCH).rollback(Progress.SILENT)).isTrue();
    assertKept(keyed, 3);
    keyed.drop(LAST);
    assertThat(number("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'")).isZero();
  }

  @Test
  void itRunsThroughAPoolerInTransactionModeAndTakesChangesOverInOneSnapshot() throws Exception {
    run("CREATE TABLE seen (id bigserial, isolation text)");
    run(
        """
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO seen (isolation) VALUES (current_setting('transaction_isolation')); RETURN NULL; END $$
        """);
    try (TransactionPooler pooler = new TransactionPooler(url)) {
      new ObjectsCopy(
              pooler.jdbi(),
              PartitionedObjects.Form.PARTITIONED,
              BATCH,
              once(
                  COPIED,
                  () ->
                      run(
                          "CREATE TRIGGER see AFTER DELETE ON carillon_job_objects_changes EXECUTE FUNCTION see()"),
                  Progress.SILENT))
          .run();
      assertThat(pooler.wiped()).isPositive();
    }
    List<String> isolations = lines("SELECT isolation FROM seen ORDER BY id");
    assertThat(isolations).hasSizeGreaterThan(1);
    assertThat(isolations.subList(0, isolations.size() - 1)).containsOnly("repeatable read");
    assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(OBJECTS);
  }

  private void assertKept(Keyed keyed, int round) {
    keyed.coverage(LAST);
    assertThat(keyed.state(LAST).exact()).isTrue();
    writeFor(round);
    assertThat(keyed.work(LAST).rows()).isPositive();
    assertThat(keyed.audit(LAST).mismatches()).isZero();
    assertThat(number("SELECT sum(n)::bigint FROM last_updates"))
        .isEqualTo(number("SELECT count(*) FROM job_objects"));
  }

  private void writeFor(int round) {
    run(
        "INSERT INTO job_objects (job_id, bucket, key, etag) SELECT job_id, 'b', 'round%d', 'e' FROM jobs"
            .formatted(round));
  }

  private void partition(String when, Runnable then) {
    new ObjectsCopy(
            database.jdbi(),
            PartitionedObjects.Form.PARTITIONED,
            BATCH,
            once(when, then, Progress.SILENT))
        .run();
  }

  private static Progress once(String when, Runnable then, Progress next) {
    List<String> said = new ArrayList<>();
    return line -> {
      if (line.contains(when) && said.isEmpty()) {
        said.add(line);
        then.run();
      }
      next.say(line);
    };
  }

  private List<String> largestPartitions() {
    return lines(
        "SELECT tableoid::regclass::text FROM job_objects GROUP BY tableoid ORDER BY count(*) DESC, tableoid LIMIT 2");
  }

  private void asMallory(Runnable work) {
    run("DROP ROLE IF EXISTS mallory");
    run("CREATE ROLE mallory");
    run("GRANT INSERT ON job_objects TO mallory");
    try {
      work.run();
    } finally {
      run("DROP OWNED BY mallory");
      run("DROP ROLE mallory");
    }
  }

  /** In a session of its own. */
  private void byMallory(String sql) {
    Jdbi.create(url)
        .useTransaction(handle -> {
          RawSql.execute(handle, "SET LOCAL ROLE mallory");
          RawSql.execute(handle, sql);
        });
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> RawSql.execute(handle, sql));
  }

  private List<String> lines(String sql) {
    return database.jdbi().withHandle((Handle handle) -> RawSql.lines(handle, sql));
  }

  private long number(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
