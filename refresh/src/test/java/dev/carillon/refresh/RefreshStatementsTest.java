package dev.carillon.refresh;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.refresh.drain.DrainLog;
import dev.carillon.refresh.pace.PostgresTempoStore;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.record.Records;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RefreshStatementsTest {

  /** What PostgreSQL cannot prepare, it cannot run: a renamed column is found here. */
  @TestFactory
  Stream<DynamicTest> everyStatementCanBePrepared() {
    Database database = TestDatabases.migrated();
    return Stream.of(
            Statements.beside(PostgresRefreshQueue.class, "queue.sql"),
            Statements.beside(PostgresTempoStore.class, "tempo.sql"),
            Statements.beside(Records.class, "records.sql"),
            Statements.beside(DrainLog.class, "drains.sql"))
        .flatMap(RefreshStatementsTest::named)
        .map(named -> DynamicTest.dynamicTest(named.name(), () -> prepare(database, named.sql())))
        .onClose(database::close);
  }

  private record Named(String name, String sql) {}

  private static Stream<Named> named(Statements statements) {
    return statements.names().stream().map(name -> new Named(name, statements.get(name)));
  }

  private static void prepare(Database database, String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("PREPARE checked AS " + numbered(sql));
      statement.execute("DEALLOCATE checked");
    }
  }

  private static String numbered(String sql) {
    String marked = new ColonPrefixSqlParser().parse(sql, null).getSql();
    AtomicInteger parameter = new AtomicInteger();
    return Pattern.compile("\\?")
        .matcher(marked)
        .replaceAll(_ -> "\\$" + parameter.incrementAndGet());
  }
}
