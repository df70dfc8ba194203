package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class AddressTest {

  @Test
  void anUnhurriedConnectionGivesNoStatementUp() throws SQLException {
    Database.Address address =
        Database.Address.of(TestDatabases.newestServer().jdbcUrl("postgres"));

    assertThat(networkTimeout(address)).isEqualTo(Database.SOCKET_TIMEOUT.toMillis());
    assertThat(networkTimeout(address.unhurried())).isZero();
  }

  @Test
  void whatTheUrlSaysIsKept() {
    assertThat(new Database.Address("jdbc:postgresql://h/d", "u", "p", 3).unhurried().jdbcUrl())
        .isEqualTo("jdbc:postgresql://h/d?socketTimeout=0");
    assertThat(Database.Address.of("jdbc:postgresql://h/d?user=u").unhurried().jdbcUrl())
        .isEqualTo("jdbc:postgresql://h/d?user=u&socketTimeout=0");
  }

  private static long networkTimeout(Database.Address address) throws SQLException {
    try (Database database = Database.open(address);
        Connection connection = database.dataSource().getConnection()) {
      return connection.getNetworkTimeout();
    }
  }
}
