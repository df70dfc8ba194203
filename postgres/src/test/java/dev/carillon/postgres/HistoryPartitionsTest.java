package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HistoryPartitionsTest {

  private final Database database = TestDatabases.migrated(TestDatabases.newestServer());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void thisMonthAndTheNextTwoStandReady() {
    assertThat(partitions()).hasSize(3);
    assertThat(new HistoryPartitions(database.jdbi(), 12, 30).maintain()).isZero();
    assertThat(partitions()).hasSize(3);
  }

  @Test
  void partitionsOlderThanTheMonthsKeptAreDroppedWhole() {
    old("event_history_202001", "2020-01-01", "2020-02-01");
    old("event_history_202002", "2020-02-01", "2020-03-01");

    assertThat(new HistoryPartitions(database.jdbi(), 12, 30).maintain()).isEqualTo(2);
    assertThat(partitions()).hasSize(3);
  }

  @Test
  void rowsThatCameBeforeTheirMonthsPartitionAreMovedIntoIt() {
    database
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              "DO $$ BEGIN EXECUTE 'DROP TABLE event_history_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM'); END $$");
          handle.execute(
              """
              INSERT INTO event_history (id, subject_id, event_type, idempotency_key,
                target_timestamp_utc, target_timestamp_local, target_timezone, tzdb_version,
                delivery_payload, created_at, status, version, attempts, executed_at)
              VALUES (gen_random_uuid(), gen_random_uuid(), 'TEST', 'key', now(), now(), 'UTC',
                '2026a', '{}', now(), 'COMPLETED', 1, 1, now())
              """);
        });
    assertThat(count("event_history_default")).isEqualTo(1);

    assertThat(new HistoryPartitions(database.jdbi(), 12, 30).maintain()).isZero();

    assertThat(partitions()).hasSize(3);
    assertThat(count("event_history_default")).isZero();
    assertThat(count("event_history")).isEqualTo(1);
  }

  @Test
  void keepingNoMonthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HistoryPartitions(database.jdbi(), 0, 30))
        .withMessageContaining("monthsKept");
  }

  private void old(String name, String from, String to) {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "CREATE TABLE %s PARTITION OF event_history FOR VALUES FROM ('%s') TO ('%s')"
                    .formatted(name, from, to)));
  }

  private int count(String table) {
    return database
        .jdbi()
        .withHandle(h -> h.createQuery("SELECT count(*) FROM " + table).mapTo(Integer.class).one());
  }

  private List<String> partitions() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    "SELECT relname FROM pg_class WHERE relname ~ '^event_history_[0-9]{6}$'")
                .mapTo(String.class)
                .list());
  }
}
