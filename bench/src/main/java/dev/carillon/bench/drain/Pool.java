package dev.carillon.bench.drain;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Makes the peers' connection pools: with a connection for every worker thread and some more. */
final class Pool {

  /** How many threads each peer works with. */
  static final int PEER_THREADS = 20;

  private static final int SPARE = 5;

  private Pool() {}

  static HikariDataSource open(String jdbcUrl) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(jdbcUrl);
    config.setMaximumPoolSize(PEER_THREADS + SPARE);
    return new HikariDataSource(config);
  }
}
