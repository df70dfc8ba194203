package dev.carillon.view.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.Patience;
import dev.carillon.view.PostgresVersion;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each condition is made true, the advice is followed to the letter, and it is gone. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class DoctorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Database database;
  private final Jdbi jdbi;

  DoctorTest(PostgresVersion version) {
    database = version.empty();
    jdbi = database.jdbi();
    run("CREATE TABLE parent (id int PRIMARY KEY, word text)");
    run("CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent, word text)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aDatabaseWithNothingWrongIsOk() {
    Examination examination = new Doctor(jdbi).examine();

    assertThat(examination.advice())
        .filteredOn(one -> one.severity() != Severity.OK)
        .extracting(Advice::check)
        .containsOnly("slow-statements");
    assertThat(examination.exitCode()).isZero();
    assertThat(examination.advice()).extracting(Advice::check).hasSize(14).doesNotHaveDuplicates();
  }

  @Test
  void anIndexThatNobodyReadsIsDropped() {
    run("CREATE INDEX \"Odd name\" ON parent (word)");
    Check check = new UnusedIndexes(0, Duration.ZERO);

    assertThat(findings(check)).singleElement().asString().contains("Odd name on parent");
    follow(check);
    assertThat(count("SELECT count(*) FROM pg_indexes WHERE indexname = 'Odd name'")).isZero();
  }

  @Test
  void anUnreadIndexOfPartitionsIsDroppedAsAWhole() {
    partitioned();
    run("CREATE INDEX parts_word ON parts (word)");

    follow(new UnusedIndexes(0, Duration.ZERO));
  }

  @Test
  void anUnreadIndexThatAForeignKeyOrUniquenessNeedsIsLeftAlone() {
    run("CREATE INDEX ON child (parent_id)");
    run("CREATE UNIQUE INDEX ON parent (word)");

    assertThat(findings(new UnusedIndexes(0, Duration.ZERO))).isEmpty();
  }

  @Test
  void youngStatisticsAreNotBelieved() {
    run("CREATE INDEX parent_word ON parent (word)");

    assertThat(look(new UnusedIndexes(0, Duration.ofDays(7))))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.severity()).isEqualTo(Severity.INFO);
          assertThat(one.finding()).contains("parent_word").contains("7 days");
          assertThat(one.remedies()).isEmpty();
        });
  }

  @Test
  void anInvalidIndexIsMadeAgainAfterItsCauseIsGone() {
    run("INSERT INTO parent VALUES (1, 'same'), (2, 'same')");
    assertThat(succeeds("CREATE UNIQUE INDEX CONCURRENTLY parent_word ON parent (word)")).isFalse();
    Check check = new InvalidIndexes();
    assertThat(look(check))
        .singleElement()
        .extracting(Advice::severity)
        .isEqualTo(Severity.PROBLEM);
    run("DELETE FROM parent WHERE id = 2");

    follow(check);
    assertThat(succeeds("INSERT INTO parent VALUES (3, 'same')")).isFalse();
  }

  @Test
  void anInvalidIndexThatIsNotUniqueIsRebuilt() {
    run("CREATE INDEX parent_word ON parent (word)");
    run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'parent_word'::regclass");

    follow(new InvalidIndexes());
    assertThat(count("SELECT count(*) FROM pg_indexes WHERE indexname = 'parent_word'")).isOne();
  }

  @Test
  void whatAReindexLeftBehindIsDropped() {
    run("CREATE INDEX parent_word_ccnew ON parent (word)");
    run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'parent_word_ccnew'::regclass");

    assertThat(findings(new InvalidIndexes()))
        .singleElement()
        .asString()
        .contains("left it behind");
    follow(new InvalidIndexes());
  }

  @Test
  void anIndexOfPartitionsThatLacksSomeIsCompleted() {
    partitioned();
    run("CREATE INDEX parts_word ON ONLY parts (word)");

    follow(new InvalidIndexes());
    assertThat(count("SELECT count(*) FROM pg_indexes WHERE tablename = 'parts_0'")).isEqualTo(2);
  }

  @Test
  void ofEqualIndexesTheOneThatAConstraintNeedsIsKept() {
    run("CREATE INDEX parent_again ON parent (id)");
    run("CREATE UNIQUE INDEX parent_once_more ON parent (id)");
    run("CREATE INDEX parent_other ON parent (id DESC)");
    run("CREATE INDEX parent_some ON parent (id) WHERE word IS NULL");
    Check check = new DuplicateIndexes();

    assertThat(findings(check))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one).contains("does only what parent_pkey does"));
    follow(check);
    assertThat(count("SELECT count(*) FROM pg_indexes WHERE tablename = 'parent'")).isEqualTo(3);
  }

  @Test
  void aForeignKeyGetsItsIndex() {
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 100) n");
    run("INSERT INTO child SELECT n, n, n FROM generate_series(1, 100) n");
    run("ANALYZE child");
    assertThat(findings(new ForeignKeys(101))).isEmpty();

    follow(new ForeignKeys(100));
    assertThat(count("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%(parent_id)'")).isOne();
  }

  @Test
  void aForeignKeyOfPartitionsGetsItsIndexPartByPart() {
    partitioned();
    run("ALTER TABLE parts ADD FOREIGN KEY (parent_id) REFERENCES parent");
    run("INSERT INTO parent VALUES (1, 'one')");
    run("INSERT INTO parts VALUES (1, 1, 'one')");
    run("ANALYZE parts");

    assertThat(look(new ForeignKeys(1)).getFirst().remedies()).hasSize(3);
    follow(new ForeignKeys(1));
  }

  @Test
  void aLargeTableThatIsReadWholeIsNamed() {
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) n");
    for (int i = 0; i < 5; i++) {
      run("SELECT count(word) FROM parent WHERE word = 'x'");
    }
    Check check = new SequentialScans(5, 500);
    eventuallyFound(check);

    assertThat(findings(check)).singleElement().asString().contains("parent was read whole");
    follow(check);
  }

  @Test
  void aTableThatWasNeverAnalysedIsAnalysed() {
    run("ALTER TABLE parent SET (autovacuum_enabled = false)");
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) n");
    Check check = new StaleStatistics(500, 0.2);
    eventuallyFound(check);

    assertThat(findings(check)).singleElement().asString().contains("1,000 rows").contains("never");
    follow(check);
    run("UPDATE parent SET word = 'new' WHERE id <= 600");
    eventuallyFound(check);
    assertThat(findings(check)).singleElement().asString().contains("600 rows changed");
    follow(check);
  }

  @Test
  void aPartitionedTableIsAnalysedAsAWhole() {
    partitioned();
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) n");
    run("INSERT INTO parts SELECT n, n, n FROM generate_series(1, 1000) n");
    run("ANALYZE parts_0, parts_1, parent");
    Check check = new StaleStatistics(500, 0.2);

    assertThat(findings(check)).singleElement().asString().contains("parts").contains("as a whole");
    follow(check);
  }

  @Test
  void aMaterializedViewGetsTheIndexThatConcurrentlyNeeds() {
    run("INSERT INTO parent SELECT n, n % 3 FROM generate_series(1, 100) n");
    run("CREATE MATERIALIZED VIEW words AS SELECT word, count(*) n FROM parent GROUP BY word");
    Check check = new MaterializedViews();

    assertThat(findings(check)).singleElement().asString().contains("analyse it and ask again");
    look(check).forEach(this::obey);
    assertThat(findings(check)).singleElement().asString().contains("word is unique");
    follow(check);
    run("REFRESH MATERIALIZED VIEW CONCURRENTLY words");
  }

  @Test
  void aMaterializedViewWhoseUniqueIndexWillNotDoSaysWhy() {
    run("INSERT INTO parent SELECT n, n % 3 FROM generate_series(1, 100) n");
    run(
        "CREATE MATERIALIZED VIEW pairs AS SELECT id % 2 AS a, word, count(*) n FROM parent GROUP BY 1, 2");
    run("CREATE UNIQUE INDEX ON pairs (a, word) WHERE a IS NOT NULL");
    run("ANALYZE pairs");
    Check check = new MaterializedViews();

    assertThat(findings(check)).singleElement().asString().contains("has a WHERE");
    follow(check);
    run("REFRESH MATERIALIZED VIEW CONCURRENTLY pairs");
  }

  @Test
  void aMaterializedViewThatIsEmptyIsFilled() {
    run("CREATE MATERIALIZED VIEW words AS SELECT word FROM parent WITH NO DATA");
    run("CREATE UNIQUE INDEX ON words (word)");

    assertThat(findings(new MaterializedViews())).singleElement().asString().contains("populated");
    follow(new MaterializedViews());
  }

  @Test
  void deadRowsAreVacuumed() {
    run("ALTER TABLE parent SET (autovacuum_enabled = false)");
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) n");
    run("UPDATE parent SET word = 'new'");
    Check check = new Bloat(500, 0.2);
    eventuallyFound(check);

    assertThat(findings(check)).singleElement().asString().contains("1,000 rows of parent (50 %");
    follow(check);
  }

  @Test
  void aTableWithoutAutovacuumGetsItBack() {
    run("ALTER TABLE parent SET (autovacuum_enabled = false)");
    Check check = new AutovacuumSettings(1_000_000, 0.05);

    assertThat(look(check))
        .singleElement()
        .extracting(Advice::severity)
        .isEqualTo(Severity.PROBLEM);
    follow(check);
  }

  @Test
  void aLargeTableIsVacuumedSooner() {
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) n");
    run("ANALYZE parent");
    Check check = new AutovacuumSettings(1000, 0.05);

    assertThat(findings(check)).singleElement().asString().contains("only after 200 dead rows");
    follow(check);
  }

  @Test
  void whatIsSwitchedOffForTheServerIsAProblem() {
    assertThat(new AutovacuumSettings(1, 1).judge(false, false))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.severity()).isEqualTo(Severity.PROBLEM));
  }

  @Test
  void aTableWithOldTransactionIdsIsFrozen() {
    run("INSERT INTO parent VALUES (1, 'old')");
    for (int i = 0; i < 60; i++) {
      run("SELECT pg_current_xact_id()");
    }
    run("VACUUM (FREEZE)");
    Check check = new TransactionAges(50, 1_000_000);
    assertThat(findings(check)).isEmpty();
    for (int i = 0; i < 60; i++) {
      run("SELECT pg_current_xact_id()");
    }

    assertThat(look(check)).isNotEmpty();
    run("VACUUM (FREEZE)");
    assertThat(findings(check)).isEmpty();
  }

  @Test
  void aSessionThatStaysInATransactionIsNamedAndEnded() {
    Check check = new OldSnapshots(Duration.ZERO, 1_000_000, Long.MAX_VALUE);
    try (Database other = database.another(1)) {
      Handle idle = other.jdbi().open();
      idle.begin();
      int pid =
          idle.createQuery("SELECT pg_backend_pid(), pg_current_xact_id()")
              .mapTo(Integer.class)
              .one();
      run("SELECT pg_sleep(0.01)");

      Advice advice =
          look(check).stream()
              .filter(one -> one.finding().contains("session " + pid + " "))
              .findFirst()
              .orElseThrow();
      assertThat(advice.finding()).contains("idle in transaction");
      obey(advice);
      Patience.until(
          PATIENCE,
          () -> findings(check).stream().noneMatch(one -> one.contains("session " + pid + " ")));
      assertThatThrownBy(idle::close).isInstanceOf(JdbiException.class);
    }
  }

  @Test
  void aReplicationSlotThatNobodyReadsIsDropped() {
    run("SELECT pg_create_physical_replication_slot('doctor_slot', true)");
    run("INSERT INTO parent SELECT n, n FROM generate_series(1, 1000) n");
    Check check = new OldSnapshots(Duration.ofDays(1), Long.MAX_VALUE, 1);

    assertThat(findings(check)).singleElement().asString().contains("doctor_slot").contains("log");
    follow(check);
  }

  private void partitioned() {
    run("CREATE TABLE parts (id int PRIMARY KEY, parent_id int, word text) PARTITION BY HASH (id)");
    run("CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0)");
    run("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
  }

  /** Statistics are written by sessions when they are idle: they may come late. */
  private void eventuallyFound(Check check) {
    Patience.until(PATIENCE, () -> !findings(check).isEmpty());
  }

  private void follow(Check check) {
    List<Advice> advice = look(check);
    assertThat(advice).isNotEmpty().allSatisfy(one -> assertThat(one.remedies()).isNotEmpty());
    advice.forEach(this::obey);
    Patience.until(PATIENCE, () -> findings(check).isEmpty());
  }

  private void obey(Advice advice) {
    advice.remedies().stream()
        .filter(remedy -> remedy.kind() == Remedy.Kind.SQL)
        .map(Remedy::text)
        .forEach(this::run);
  }

  private List<Advice> look(Check check) {
    return new Doctor(jdbi, List.of(check)).examine().advice();
  }

  private List<String> findings(Check check) {
    return look(check).stream()
        .filter(one -> one.severity() != Severity.OK)
        .map(Advice::finding)
        .toList();
  }

  private void run(String sql) {
    jdbi.useHandle(handle -> handle.execute(sql));
  }

  private boolean succeeds(String sql) {
    try {
      run(sql);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private long count(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
