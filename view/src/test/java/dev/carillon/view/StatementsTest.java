package dev.carillon.view;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.doctor.Doctor;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.job.JobFixture;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.optimisation.Optimisations;
import dev.carillon.view.registry.Views;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class StatementsTest {

  private record File(Class<?> owner, String name) {}

  private record Named(String name, String sql) {}

  private static final List<File> FILES =
      List.of(
          new File(Catalog.class, "catalog.sql"),
          new File(Catalog.class, "refresh_log.sql"),
          new File(FullRefresh.class, "refresh.sql"),
          new File(JobProgress.class, "jobs.sql"),
          new File(JobProgress.class, "generator.sql"),
          new File(Ledger.class, "parts.sql"),
          new File(Views.class, "registry.sql"),
          new File(Optimisations.class, "job_indexes.sql"),
          new File(Optimisations.class, "job_tables.sql"),
          new File(Optimisations.class, "locks.sql"),
          new File(Optimisations.class, "objects_table.sql"),
          new File(Optimisations.class, "progress_view.sql"),
          new File(Optimisations.class, "turn.sql"),
          new File(Doctor.class, "indexes.sql"),
          new File(Doctor.class, "server.sql"),
          new File(Doctor.class, "tables.sql"));

  /** What PostgreSQL prepares: the rest makes, drops and locks things. */
  private static final Pattern PREPARABLE =
      Pattern.compile("(SELECT|WITH|INSERT|UPDATE|DELETE)\\b.*", Pattern.DOTALL);

  /** Filled in when it is run. */
  private static final Pattern GAP = Pattern.compile("<[a-z_]+>");

  /** Tables that are there only while something is under way. */
  private static final List<String> PASSING =
      List.of(
          "CREATE TABLE carillon_job_progress_begun (interval_millis bigint, objective_millis bigint)",
          "CREATE TABLE carillon_job_objects_changes (job_id uuid)");

  /** What PostgreSQL cannot prepare, it cannot run: a renamed column is found here. */
  @TestFactory
  Stream<DynamicTest> everyStatementCanBePrepared() {
    Database database = PostgresVersion.OLDEST.migrated();
    JobFixture.makeView(database);
    PASSING.forEach(sql -> database.jdbi().useHandle(handle -> handle.execute(sql)));
    return FILES.stream()
        .flatMap(StatementsTest::named)
        .filter(named -> PREPARABLE.matcher(named.sql()).matches())
        .filter(named -> !GAP.matcher(named.sql()).find())
        .filter(named -> !named.sql().contains("pg_stat_statements"))
        .map(named -> DynamicTest.dynamicTest(named.name(), () -> prepare(database, named.sql())))
        .onClose(database::close);
  }

  private static Stream<Named> named(File file) {
    Statements statements = Statements.beside(file.owner(), file.name());
    return statements.names().stream()
        .map(name ->
            new Named(
                file.name() + " " + name, statements.get(name).replace("<view>", "job_progress")));
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
    // A question mark within a text, such as a pattern, is none.
    return Pattern.compile("'[^']*'|\\?")
        .matcher(marked)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                found.group().equals("?") ? "$" + parameter.incrementAndGet() : found.group()));
  }
}
