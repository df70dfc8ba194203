package dev.carillon.view.doctor;

import dev.carillon.view.optimisation.JobIndex;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The indexes that the progress of jobs is counted with, where there are jobs. */
record JobIndexes() implements Check {

  @Override
  public String name() {
    return "job-indexes";
  }

  @Override
  public String reason() {
    return "Without them the progress of one job is counted by reading the objects of all.";
  }

  @Override
  public String allWell() {
    return "jobs have the indexes they need";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return JobIndex.missing(handle).stream().map(this::advice).toList();
  }

  private Advice advice(JobIndex index) {
    String finding =
        "%s has no index on (%s)".formatted(index.table(), String.join(", ", index.columns()));
    return Advice.warning(this, finding, Remedy.sql(index.sql()));
  }
}
