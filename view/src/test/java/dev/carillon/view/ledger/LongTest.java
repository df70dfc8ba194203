package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.capture.Unhurried;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What reads whole tables may take longer than the network is silent otherwise. */
@ParameterizedClass
@EnumSource(Version.class)
class LongTest {

  /** Slow, and fails where nothing would end it when its client is gone. */
  private static final String SLOW =
      """
      CREATE FUNCTION slow(bigint) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
      BEGIN
        IF current_setting('client_connection_check_interval') <> '15s'
           OR current_setting('idle_in_transaction_session_timeout') <> '15s'
           OR current_setting('statement_timeout') <> '6h' THEN
          RAISE EXCEPTION 'nothing ends this';
        END IF;
        PERFORM pg_sleep(0.5);
        RETURN true;
      END $$
      """;

  private final Shop shop;
  private final Database hurried;

  LongTest(Version version) {
    shop = Shop.withoutView(version);
    shop.run(SLOW);
    shop.run("INSERT INTO item (id, job) SELECT g, g FROM generate_series(1, 3) g");
    hurried =
        Database.open(
            new Database.Address(
                shop.url() + "&currentSchema=play,public&socketTimeout=1", null, null, 1));
  }

  @AfterEach
  void close() {
    hurried.close();
  }

  @Test
  void aViewIsMadeFilledAnewAndAuditedWhileTheNetworkIsSilent() throws SQLException {
    Ledger ledger = new Ledger(hurried.jdbi());

    ledger.create(
        Shop.VIEW, Shop.query("SELECT job, count(*) AS n FROM item WHERE slow(id) GROUP BY job"));
    ledger.resync(Shop.VIEW);

    assertThat(ledger.audit(Shop.VIEW).mismatches()).isZero();
    assertThat(shop.count("SELECT sum(n) FROM item_counts")).isEqualTo(3);
    try (Connection connection = hurried.dataSource().getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(1_000);
    }
    assertThat(Unhurried.GRACE).hasSeconds(15);
    assertThat(Unhurried.LONGEST).hasHours(6);
  }
}
