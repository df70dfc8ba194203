package dev.carillon.server.demo.view;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.view.ViewName;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * What the tables say, and the view that a ledger keeps. Safe for use by many threads.
 *
 * @param jdbi runs the statements
 */
record Tables(Jdbi jdbi) {

  /** The view that a ledger keeps, as the statements name it. */
  static final ViewName LIVE = new ViewName("live_progress");

  private static final Statements SQL = Statements.beside(Tables.class, "view_demo.sql");

  Tables {
    requireNonNull(jdbi, "jdbi is null");
  }

  /** Counts jobs. */
  Map<UUID, Counts> count(Collection<UUID> jobs) {
    return read("count", jobs);
  }

  /** Reads jobs from the view that a ledger keeps. */
  Map<UUID, Counts> live(Collection<UUID> jobs) {
    return read("live", jobs);
  }

  /** In how many jobs that view differs from a count of everything in the same snapshot. */
  long differing() {
    return jdbi.withHandle(
        handle -> handle.createQuery(SQL.get("differing")).mapTo(Long.class).one());
  }

  private Map<UUID, Counts> read(String statement, Collection<UUID> jobs) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get(statement))
            .bindArray("ids", UUID.class, jobs.toArray())
            .map((row, _) ->
                Map.entry(
                    row.getObject("job_id", UUID.class),
                    new Counts(
                        row.getLong("total"), row.getLong("processed"), row.getLong("findings"))))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
