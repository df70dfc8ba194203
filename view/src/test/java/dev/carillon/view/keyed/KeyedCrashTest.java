package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.CrashingServer;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Storm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that stops at once and starts again loses no recorded key. */
class KeyedCrashTest {

  private static final int CRASHES = Integer.getInteger("soak.crashes", 2);

  @ParameterizedTest
  @EnumSource(PostgresVersion.class)
  void theViewsAreKeptAfterEachCrashAndGoOn(PostgresVersion version) throws Exception {
    CrashingServer server = CrashingServer.of(version);
    Yard yard = Yard.withoutViews(server.newUrl());
    yard.fill();
    yard.createAll();
    Storm storm =
        Storm.over(new Stormy(yard)).beside(Stormy::work).beside(Stormy::work).beside(Stormy::look);
    for (int i = 0; i < CRASHES; i++) {
      Storm.Tally tally = storm.blowUntil(server::crash);
      yard = yard.reopened();

      assertThat(tally.worst()).as("seed %d, %s", storm.seed(), tally).isZero();
      assertThat(yard.audited()).isZero();
      assertThat(yard.isExact()).isTrue();
    }
    yard.assertKept();
    yard.close();
  }
}
