package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.MortalConnections;
import dev.carillon.view.PostgresVersion;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever makes, drops or fills a view may be killed before each step, and nothing is spoilt. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedKillTest {

  private static final int STRIDE = 6;
  private static final String LEFT =
      "SELECT (SELECT count(*) FROM pg_class WHERE relname ~ 'item_groups')"
          + " + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%')"
          + " + (SELECT count(*) FROM pg_proc WHERE proname LIKE 'carillon_item%')"
          + " + (SELECT count(*) FROM keyed_view)";

  private final Yard yard;

  KeyedKillTest(PostgresVersion version) {
    yard = Yard.withoutViews(version);
    yard.run("INSERT INTO item (id, job) SELECT g, g % 9 FROM generate_series(1, 50) g");
  }

  @Test
  void whoMakesAViewMayBeKilledBeforeEachStep() {
    int steps =
        kill(
            this::create,
            kills -> {
              write(kills);
              if (kills % 2 == 0) {
                create(yard.keyed());
                write(kills);
                assertKept();
              }
              yard.keyed().drop(Yard.GROUPS);
              assertThat(yard.count(LEFT)).isZero();
            });

    assertThat(steps).isGreaterThan(20);
    assertKept();
  }

  @Test
  void whoDropsAViewMayBeKilledBeforeEachStep() {
    create(yard.keyed());
    int steps =
        kill(
            keyed -> keyed.drop(Yard.GROUPS),
            kills -> {
              write(kills);
              if (kills % 2 == 0) {
                yard.keyed().drop(Yard.GROUPS);
                assertThat(yard.count(LEFT)).isZero();
              }
              create(yard.keyed());
              write(kills);
              assertKept();
            });

    assertThat(steps).isGreaterThan(8);
    assertThat(yard.count(LEFT)).isZero();
  }

  /** The first thing that is gone is what readers read. */
  @Test
  void aViewThatIsHalfDroppedIsLabelledAndMayBeMadeAgain() {
    create(yard.keyed());
    yard.run("DROP TABLE item_groups");
    write(1);

    assertThat(yard.keyed().state(Yard.GROUPS).exact()).isFalse();
    assertThat(yard.keyed().coverage(Yard.GROUPS).exact()).isFalse();
    assertThat(yard.keyed().work(Yard.GROUPS)).isEqualTo(Worked.NOTHING);
    create(yard.keyed());
    write(2);
    assertKept();
  }

  @Test
  void whoMakesGoodMayBeKilledBeforeEachStep() {
    create(yard.keyed());
    spoil(0);
    int steps =
        kill(
            keyed -> keyed.coverage(Yard.GROUPS),
            kills -> {
              assertThat(
                      yard.keyed().audit(Yard.GROUPS).mismatches() == 0
                          || !yard.keyed().state(Yard.GROUPS).exact())
                  .isTrue();
              write(kills);
              yard.keyed().coverage(Yard.GROUPS);
              assertKept();
              spoil(kills + 1);
            });

    assertThat(steps).isGreaterThan(10);
    assertKept();
  }

  private void spoil(int round) {
    yard.run("DROP TRIGGER carillon_item_groups_k1_delete ON item");
    yard.run("DELETE FROM item WHERE id %% 5 = %d".formatted(round % 5));
  }

  private int kill(Consumer<Keyed> work, IntConsumer after) {
    return MortalConnections.killAtEachStep(
        yard.url(), STRIDE, jdbi -> work.accept(new Keyed(jdbi, Yard.LIMITS)), after);
  }

  private void create(Keyed keyed) {
    keyed.create(Yard.GROUPS, Yard.query(Yard.GROUPS_QUERY), List.of());
  }

  private void assertKept() {
    assertThat(yard.keyed().audit(Yard.GROUPS).mismatches()).isZero();
    Worked worked = yard.keyed().work(Yard.GROUPS);
    while (worked.full()) {
      worked = yard.keyed().work(Yard.GROUPS);
    }
    assertThat(yard.differences(Yard.GROUPS_QUERY, Yard.GROUPS)).isZero();
    assertThat(yard.keyed().state(Yard.GROUPS).exact()).isTrue();
  }

  /** What users do, whatever was left behind, succeeds. */
  private void write(int round) {
    yard.run("INSERT INTO item (id, job) VALUES (%d, %d)".formatted(10_000 + round, round));
    yard.run("UPDATE item SET job = %d WHERE id %% 5 = %d".formatted(round % 7, round % 5));
    yard.run("DELETE FROM item WHERE id = %d".formatted(10_000 + round));
    yard.run(
        "INSERT INTO item (id, job) VALUES (%d, 1) ON CONFLICT DO NOTHING".formatted(1 + round));
  }
}
