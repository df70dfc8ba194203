package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * The objects of jobs in hash partitions by job. Writers go on meanwhile: each of their changes
 * costs one row more, and at the end they wait for an instant. Rolled back the same way.
 */
final class PartitionedObjects implements Optimisation {

  /** In how many partitions the table is. */
  static final int PARTITIONS = 16;

  /**
   * How many rows are copied in one transaction; deleting a job may wait for as long as it takes.
   */
  static final int BATCH = 20_000;

  private static final Statements SQL =
      Statements.beside(PartitionedObjects.class, "objects_table.sql");

  private final Jdbi jdbi;
  private final int batch;

  PartitionedObjects(Jdbi jdbi) {
    this(jdbi, BATCH);
  }

  PartitionedObjects(Jdbi jdbi, int batch) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.batch = batch;
  }

  /** How the table is kept. */
  enum Form {
    MISSING,
    PLAIN,
    PARTITIONED
  }

  @Override
  public String name() {
    return "004_partition_job_objects";
  }

  @Override
  public String title() {
    return "job_objects in %d hash partitions by job; for more than 10 million objects"
        .formatted(PARTITIONS);
  }

  @Override
  public boolean onlyByName() {
    return true;
  }

  @Override
  public List<String> differences() {
    boolean begun = isBegun();
    return switch (form()) {
      case MISSING -> List.of("there is no table job_objects");
      case PLAIN ->
          List.of(
              begun
                  ? "partitioning job_objects was begun and not ended: each change of it is still noted"
                  : "job_objects is not partitioned");
      case PARTITIONED ->
          begun
              ? List.of("undoing the partitions of job_objects was begun and not ended")
              : List.of();
    };
  }

  @Override
  public void apply(Progress progress) {
    switch (form()) {
      case MISSING -> throw new IllegalStateException("there is no table job_objects");
      case PLAIN -> new ObjectsCopy(jdbi, Form.PARTITIONED, batch, progress).run();
      case PARTITIONED -> new ObjectsCopy(jdbi, Form.PLAIN, batch, progress).clean();
    }
  }

  @Override
  public boolean rollback(Progress progress) {
    return switch (form()) {
      case MISSING -> false;
      case PLAIN -> {
        boolean begun = isBegun();
        if (begun) {
          new ObjectsCopy(jdbi, Form.PARTITIONED, batch, progress).clean();
        }
        yield begun;
      }
      case PARTITIONED -> {
        new ObjectsCopy(jdbi, Form.PLAIN, batch, progress).run();
        yield true;
      }
    };
  }

  @Override
  public List<String> nextSteps() {
    return List.of(
        "ANALYZE job_objects, now and then: autovacuum analyses its partitions, but not the whole");
  }

  private Form form() {
    return jdbi.withHandle(
        handle -> Form.valueOf(handle.createQuery(SQL.get("form")).mapTo(String.class).one()));
  }

  private boolean isBegun() {
    return jdbi.withHandle(
        handle -> handle.createQuery(SQL.get("is_begun")).mapTo(Boolean.class).one());
  }
}
