package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The indexes on the tables of jobs, made while others write: outside a transaction, and once more
 * where a try failed, after what it left behind was dropped.
 */
final class JobIndexes implements Optimisation {

  /** How often an index is tried to be made. */
  static final int TRIES = 3;

  private static final Statements SQL = Statements.beside(JobIndexes.class, "job_indexes.sql");

  private final Jdbi jdbi;

  JobIndexes(Jdbi jdbi) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
  }

  @Override
  public String name() {
    return "002_job_indexes";
  }

  @Override
  public String title() {
    return "indexes that count one job without reading the others";
  }

  @Override
  public boolean onlyByName() {
    return false;
  }

  @Override
  public List<String> differences() {
    return jdbi.withHandle(JobIndex::missing).stream()
        .map(one ->
            "no valid index on %s (%s)".formatted(one.table(), String.join(", ", one.columns())))
        .toList();
  }

  @Override
  public void apply(Progress progress) {
    for (JobIndex index : jdbi.withHandle(JobIndex::missing)) {
      progress.say("  making " + index.indexName());
      Patient.alone(jdbi, handle -> make(handle, index, progress));
    }
  }

  @Override
  public boolean rollback(Progress progress) {
    List<String> drops =
        jdbi.withHandle(handle ->
            Stream.of(JobIndex.values()).flatMap(index -> drops(handle, index).stream()).toList());
    drops.forEach(drop -> {
      progress.say("  " + drop);
      Patient.alone(jdbi, handle -> Patient.run(handle, drop));
    });
    return !drops.isEmpty();
  }

  @Override
  public List<String> nextSteps() {
    return List.of("carillon doctor shows which indexes are read, and which are not");
  }

  private static void make(Handle handle, JobIndex index, Progress progress) {
    for (int tries = 1; ; tries++) {
      try {
        // What has the name and is invalid, or is on other columns, is not what is missing.
        Patient.run(handle, drops(handle, index));
        Patient.run(handle, makes(handle, index));
        return;
      } catch (JdbiException e) {
        if (tries == TRIES) {
          throw e;
        }
        progress.say("  once more: " + e.getMessage());
      }
    }
  }

  private static List<String> makes(Handle handle, JobIndex index) {
    return handle
        .createQuery(SQL.get("makes"))
        .bind("table", index.table())
        .bind("sql", index.sql())
        .mapTo(String.class)
        .list();
  }

  private static List<String> drops(Handle handle, JobIndex index) {
    return handle
        .createQuery(SQL.get("drops"))
        .bind("table", index.table())
        .bind("index", index.indexName())
        .mapTo(String.class)
        .list();
  }
}
