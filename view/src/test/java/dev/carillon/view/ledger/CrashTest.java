package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.CrashingServer;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Storm;
import dev.carillon.view.keeper.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that stops at once and starts again loses nothing and counts nothing twice. */
class CrashTest {

  private static final int CRASHES = Integer.getInteger("soak.crashes", 2);

  @ParameterizedTest
  @EnumSource(PostgresVersion.class)
  void theViewIsExactAfterEachCrashAndGoesOn(PostgresVersion version) throws Exception {
    CrashingServer server = CrashingServer.of(version);
    Shop shop = Shop.withoutView(server.newUrl());
    shop.run("INSERT INTO item (id, job) SELECT g, g % 9 FROM generate_series(1, 500) g");
    shop.create();
    Storm storm =
        Storm.over(new Stormy(shop)).beside(Stormy::fold).beside(Stormy::fold).beside(Stormy::look);
    for (int i = 0; i < CRASHES; i++) {
      Storm.Tally tally = storm.blowUntil(server::crash);
      shop = shop.reopened();

      assertThat(tally.worst()).as("seed %d, %s", storm.seed(), tally).isZero();
      shop.assertExact();
      assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
      assertThat(shop.ledger().coverage(Shop.VIEW)).isEqualTo(Verdict.SURE);
    }
    shop.assertExactAndFoldable();
    shop.close();
  }
}
