package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Patience;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A drop takes the triggers away that others, who look after the view, would make again. */
class DropTest {

  private static final int ROUNDS = Integer.getInteger("soak.drops", 2);
  private static final int PARTITIONS = 6;

  private static final Duration MOST = Duration.ofSeconds(30);

  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND wait_event_type = 'Lock'";

  private static final String LEFT =
      "SELECT (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%')"
          + " + (SELECT count(*) FROM pg_proc WHERE proname LIKE 'carillon_item%')"
          + " + (SELECT count(*) FROM ledger_part)";

  @ParameterizedTest
  @EnumSource(Version.class)
  void aDropBesideOthersThatLookAfterTheViewLeavesNothing(Version version) throws Exception {
    Shop shop = Shop.partitioned(version);
    for (int i = 0; i < PARTITIONS; i++) {
      shop.run(
          "CREATE TABLE more_%1$d PARTITION OF item FOR VALUES FROM (%2$d) TO (%3$d)"
              .formatted(i, 10_000 + 10 * i, 10_010 + 10 * i));
    }
    AtomicBoolean going = new AtomicBoolean(true);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> lookers =
          List.of(threads.submit(() -> look(shop, going)), threads.submit(() -> look(shop, going)));
      try {
        for (int i = 0; i < ROUNDS; i++) {
          shop.create();
          shop.ledger().drop(Shop.VIEW);
          assertThat(shop.count(LEFT)).isZero();
          shop.run("INSERT INTO item (id, job) VALUES (%d, 1)".formatted(i));
        }
      } finally {
        going.set(false);
      }
      for (Future<?> looker : lookers) {
        looker.get();
      }
    }
    assertThat(shop.count(LEFT)).isZero();
    shop.run("DELETE FROM item");
  }

  /** A trigger whose function is gone would fail all writes. */
  @ParameterizedTest
  @EnumSource(Version.class)
  void aDropWaitsForWhoeverMakesATriggerAndTakesThatAwayToo(Version version) throws Exception {
    Shop shop = Shop.partitioned(version);
    PartNames names =
        shop.jdbi().withHandle(handle -> StoredPart.of(handle, Shop.VIEW)).getFirst().names();
    for (String event : List.of("insert", "update", "delete", "truncate")) {
      shop.run("DROP TRIGGER carillon_item_counts_p1_%s ON item_2".formatted(event));
    }
    Triggers triggers =
        new Triggers(shop.jdbi(), new Patiently(shop.jdbi(), Duration.ofSeconds(10), 3));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      AtomicReference<Future<?>> drop = new AtomicReference<>();
      triggers.makeWhole(
          shop.jdbi().withHandle(names::capture),
          handle -> {
            boolean wanted = names.mayCapture(handle);
            drop.set(threads.submit(() -> shop.ledger().drop(Shop.VIEW)));
            Patience.until(MOST, () -> shop.count(WAITING) == 1);
            return wanted;
          });
      drop.get().get();
    }

    assertThat(shop.count(LEFT)).isZero();
    shop.run("INSERT INTO item_2 (id, job) VALUES (1001, 1)");
    assertThat(shop.jdbi().<Boolean, RuntimeException>withHandle(names::mayCapture)).isFalse();
  }

  private static void look(Shop shop, AtomicBoolean going) {
    while (going.get()) {
      try {
        shop.ledger().coverage(Shop.VIEW);
      } catch (RuntimeException e) {
        // What it looks after is gone meanwhile.
        Thread.onSpinWait();
      }
    }
  }
}
