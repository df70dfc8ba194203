package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.keeper.Verdict;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions are covered; what no trigger sees is labelled at once and made good by one look. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedCoverageTest {

  private final Yard yard;

  KeyedCoverageTest(PostgresVersion version) {
    yard = Yard.partitioned(version);
    yard.fill();
    yard.run("INSERT INTO item (id, job) SELECT g, g % 5 FROM generate_series(1000, 1999, 7) g");
    yard.workOff();
  }

  @Test
  void aPartitionIsCovered() {
    List<String> changes =
        List.of(
            "INSERT INTO item_2 (id, job) VALUES (1001, 1)",
            "UPDATE item_1 SET job = 9",
            "UPDATE item SET id = id + 1000 WHERE id IN (8, 15, 22)",
            "DELETE FROM item_1 WHERE id % 2 = 0",
            "TRUNCATE item_1",
            "TRUNCATE item");
    for (String sql : changes) {
      yard.run(sql);

      yard.assertKept();
      assertThat(yard.isExact()).as(sql).isTrue();
    }
    assertThat(yard.keyed().coverage(Yard.JOBS)).isEqualTo(Verdict.SURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE item DETACH PARTITION item_2",
        "DROP TABLE item_2",
        "CREATE TABLE item_3 PARTITION OF item FOR VALUES FROM (2000) TO (3000);"
            + " INSERT INTO item_3 (id, job) VALUES (2001, 3)",
        "ALTER TABLE item DISABLE TRIGGER ALL; DELETE FROM item WHERE id < 200;"
            + " ALTER TABLE item ENABLE TRIGGER ALL",
        "DROP TRIGGER carillon_job_facts_k2_delete ON item;"
            + " DROP TRIGGER carillon_item_groups_k1_delete ON item; DELETE FROM item",
      })
  void whatNoTriggerSeesIsLabelledAtOnceAndThenMadeGood(String sql) {
    yard.run(sql);

    assertThat(yard.keyed().state(Yard.JOBS).exact()).isFalse();
    assertThat(yard.keyed().state(Yard.GROUPS).reason()).isNotBlank();
    Verdict verdict = yard.keyed().coverage(Yard.JOBS);
    assertThat(verdict.exact()).isTrue();
    assertThat(verdict.resynced()).isTrue();
    yard.keyed().coverage(Yard.GROUPS);
    assertThat(yard.isExact()).isTrue();
    assertThat(yard.differences()).isZero();

    yard.run("UPDATE item SET job = 2 WHERE id % 3 = 0");
    yard.assertKept();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert   | item | INSERT INTO item (id, job) VALUES (999, 77)",
        "update   | item | UPDATE item SET amount = 1000 WHERE id = 1",
        "delete   | item | DELETE FROM item WHERE job = 3",
        "truncate | item_1 | TRUNCATE item_1",
      })
  void aMissingTriggerIsFoundByTheAudit(String trigger, String table, String sql) {
    yard.run("DROP TRIGGER carillon_item_groups_k1_" + trigger + " ON " + table);

    yard.run(sql);
    yard.workOff();

    assertThat(yard.keyed().audit(Yard.GROUPS).mismatches()).isPositive();
    assertThat(yard.differences(Yard.GROUPS_QUERY, Yard.GROUPS)).isPositive();
  }

  @Test
  void whatAnotherProcessFillsAnewIsLeftToIt() throws Exception {
    yard.run("UPDATE keyed_view SET exact = false, reason = 'a test'");
    try (Connection filling = yard.connection();
        Statement statement = filling.createStatement()) {
      filling.setAutoCommit(false);
      statement.execute("LOCK TABLE job_facts IN SHARE ROW EXCLUSIVE MODE");
      statement.execute("SELECT FROM keyed_view WHERE view_name = 'job_facts' FOR UPDATE");

      assertThat(yard.keyed().coverage(Yard.JOBS)).isEqualTo(new Verdict(false, "a test", false));
      assertThat(yard.keyed().work(Yard.JOBS).busy()).isTrue();
    }
    assertThat(yard.keyed().coverage(Yard.JOBS)).isEqualTo(new Verdict(true, "a test", true));
    assertThat(yard.keyed().coverage(Yard.JOBS)).isEqualTo(Verdict.SURE);
  }

  @Test
  void oneTruncateIsOneFillingHoweverManyProcessesWork() throws Exception {
    yard.run("TRUNCATE item");
    CyclicBarrier barrier = new CyclicBarrier(3);
    AtomicLong removed = new AtomicLong();
    AtomicLong fillings = new AtomicLong();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(
            threads.submit(() -> {
              barrier.await();
              Worked worked = yard.keyed().work(Yard.GROUPS);
              removed.addAndGet(worked.removed());
              return fillings.addAndGet(worked.rows() > 0 ? 1 : 0);
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(fillings).hasValue(1);
    assertThat(removed).hasPositiveValue();
    assertThat(yard.differences(Yard.GROUPS_QUERY, Yard.GROUPS)).isZero();
  }

  @Test
  void anAuditThatFindsADifferenceLabelsTheViewUntilItIsMadeGood() {
    yard.run("UPDATE job_facts SET kinds = kinds + 1 WHERE id = 3");
    yard.run("DELETE FROM job_facts WHERE id = 4");

    assertThat(yard.keyed().audit(Yard.JOBS).mismatches()).isEqualTo(2);
    assertThat(yard.keyed().state(Yard.JOBS).reason()).contains("audit");
    assertThat(yard.keyed().coverage(Yard.JOBS).exact()).isTrue();
    yard.assertKept();
    assertThat(yard.isExact()).isTrue();
  }
}
