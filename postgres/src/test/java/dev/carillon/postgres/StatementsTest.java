package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StatementsTest {

  private static final List<String> FILES = List.of("engine.sql", "subject.sql", "operations.sql");

  @Nested
  class AgainstTheMigratedSchema {

    /** What PostgreSQL cannot prepare, it cannot run: a renamed column is found here. */
    @TestFactory
    Stream<DynamicTest> everyStatementCanBePrepared() {
      Database database = TestDatabases.migrated(TestDatabases.oldestServer());
      return FILES.stream()
          .flatMap(file -> named(file, Statements.beside(Database.class, file)))
          .map(named -> DynamicTest.dynamicTest(named.name(), () -> prepare(database, named.sql())))
          .onClose(database::close);
    }

    private record Named(String name, String sql) {}

    private static Stream<Named> named(String file, Statements statements) {
      return statements.names().stream()
          .map(name -> new Named(file + " " + name, statements.get(name)));
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

  @Test
  void aMissingFileIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Statements.beside(StatementsTest.class, "missing.sql"))
        .withMessageContaining("missing.sql");
  }

  @Test
  void anUnknownStatementIsNamed() {
    Statements statements = Statements.beside(Database.class, "engine.sql");

    assertThat(statements.names()).contains("claim", "settle");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> statements.get("steal"))
        .withMessageContaining("steal")
        .withMessageContaining("engine.sql");
  }

  @Test
  void aNameThatStandsTwiceIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Statements.beside(StatementsTest.class, "twice.sql"))
        .withMessageContaining("twice");
  }
}
