package dev.carillon.refresh.clash;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ClashStatementsTest {

  /** What PostgreSQL cannot prepare, it cannot run: a renamed column is found here. */
  @TestFactory
  Stream<DynamicTest> everyStatementCanBePrepared() {
    Database database = ClashDatabases.migrated();
    Statements statements = Statements.beside(ClashTables.class, "clash.sql");
    return statements.names().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> prepare(database, statements.get(name))))
        .onClose(database::close);
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
