package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Patience;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.keeper.Verdict;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How long locks on the tables of others are waited for: writers queue behind whoever waits. */
@ParameterizedClass
@EnumSource(Version.class)
class WaitTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Shop shop;

  WaitTest(Version version) {
    shop = Shop.partitioned(version);
  }

  @Test
  void aLookTriesOnceAndBrieflyAndDealsWithTheTablesThatAreNotLocked() throws Exception {
    shop.run("DROP TRIGGER carillon_item_counts_p1_delete ON item_1");
    shop.run("DROP TRIGGER carillon_item_counts_p1_delete ON item_2");
    try (Connection writer = shop.connection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO item (id, job) VALUES (1, 1)");

      assertThatThrownBy(() -> shop.ledger().coverage(Shop.VIEW))
          .isInstanceOf(CaptureBusy.class)
          .hasMessageContaining("item_1")
          .hasMessageContaining("tried 1 x 200 ms");

      assertThat(triggers("item_1")).isEqualTo(3);
      assertThat(triggers("item_2")).isEqualTo(4);
      writer.commit();
    }
    assertThat(shop.ledger().coverage(Shop.VIEW).exact()).isTrue();
    assertThat(triggers("item_1")).isEqualTo(4);
  }

  @Test
  void anAutovacuumIsWaitedForUntilItYields() throws Exception {
    shop.run("DROP TRIGGER carillon_item_counts_p1_delete ON item_2");
    try (Connection vacuum = shop.connection();
        Statement statement = vacuum.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      vacuum.setAutoCommit(false);
      statement.execute("LOCK TABLE item_2 IN SHARE UPDATE EXCLUSIVE MODE");

      Future<Verdict> look = threads.submit(() -> shop.ledger().coverage(Shop.VIEW));
      Patience.until(LONG, () -> longWaits() == 1 || look.isDone());
      vacuum.rollback();

      assertThat(look.get().exact()).isTrue();
    }
  }

  @Test
  void oneDoubtIsOneFillingHoweverManyProcessesLook() throws Exception {
    shop.run("INSERT INTO item (id, job) SELECT g, g % 900 FROM generate_series(1, 2900) g");
    String generation = "SELECT generation FROM ledger_part";
    for (int round = 0; round < 5; round++) {
      long before = shop.count(generation);
      shop.run("UPDATE carillon_item_counts_p1_base SET rows = rows + 1");
      shop.run("INSERT INTO ledger_doubt VALUES ('item_counts', 1, 'a test')");

      shop.together(3, ledger -> ledger.coverage(Shop.VIEW));

      assertThat(shop.count(generation)).isEqualTo(before + 1);
      shop.assertExactAndFoldable();
    }
  }

  @Test
  void whatAnotherProcessFillsAnewIsLeftToIt() throws Exception {
    shop.run("INSERT INTO ledger_doubt VALUES ('item_counts', 1, 'a test')");
    try (Connection filling = shop.connection();
        Statement statement = filling.createStatement()) {
      filling.setAutoCommit(false);
      statement.execute("LOCK TABLE carillon_item_counts_p1_base IN SHARE ROW EXCLUSIVE MODE");
      statement.execute("SELECT FROM ledger_part FOR UPDATE");

      assertThat(shop.ledger().coverage(Shop.VIEW)).isEqualTo(new Verdict(false, "a test", false));
      assertThat(shop.ledger().fold(Shop.VIEW).busy()).isTrue();
    }
    assertThat(shop.ledger().coverage(Shop.VIEW)).isEqualTo(new Verdict(true, "a test", true));
  }

  @Test
  void aTransactionIsReadCommittedWhateverTheDefaultIs() {
    shop.run("ALTER ROLE postgres SET default_transaction_isolation = 'serializable'");
    try {
      String isolation =
          new Patiently(Shop.at(shop.url()).jdbi(), LONG, 1)
              .transaction(
                  "a look",
                  handle ->
                      handle.createQuery("SHOW transaction_isolation").mapTo(String.class).one());
      assertThat(isolation).isEqualTo("read committed");
    } finally {
      shop.run("ALTER ROLE postgres RESET default_transaction_isolation");
    }
  }

  private long triggers(String table) {
    return shop.count(
        "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%' AND tgrelid = '"
            + table
            + "'::regclass");
  }

  /** How many wait for a lock for longer than a brief try. */
  private long longWaits() {
    return shop.count(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            + " AND datname = current_database()"
            + " AND clock_timestamp() - query_start > interval '400 milliseconds'");
  }
}
