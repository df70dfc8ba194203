package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import java.util.List;

/** The tables of jobs and the log of refreshes, whole; those made by hand get what they lack. */
final class JobTables implements Optimisation {

  private static final Statements SQL = Statements.beside(JobTables.class, "job_tables.sql");

  private final Database database;

  JobTables(Database database) {
    this.database = requireNonNull(database, "database is null");
  }

  @Override
  public String name() {
    return "001_job_tables";
  }

  @Override
  public String title() {
    return "the tables of jobs, objects and findings, and the log of refreshes";
  }

  @Override
  public boolean onlyByName() {
    return false;
  }

  @Override
  public List<String> differences() {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery(SQL.get("differences")).mapTo(String.class).list());
  }

  @Override
  public void apply(Progress progress) {
    int migrations = database.migrate();
    progress.say("  migrations of the tables: " + migrations);
    database
        .jdbi()
        .useTransaction(handle ->
            Patient.locking(
                handle,
                locked ->
                    List.of("add_execution_arn", "add_duration", "add_jobs", "add_objects")
                        .forEach(name -> Patient.run(locked, SQL.get(name)))));
  }

  /** Tables hold data: they stay. */
  @Override
  public boolean rollback(Progress progress) {
    return false;
  }

  @Override
  public List<String> nextSteps() {
    return List.of();
  }
}
