package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.view.catalog.DataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads how far jobs are: from {@code job_progress}, or counted live, which it does by itself where
 * the view cannot answer. Every answer says which it was, and how fresh. Safe for use by many
 * threads.
 *
 * @param jdbi runs the statements
 */
public record JobReads(Jdbi jdbi) {

  /** The most jobs of a page. */
  public static final int MAX_PAGE = 500;

  /** The most jobs of a page that is counted live. */
  public static final int MAX_LIVE_PAGE = 50;

  /** How many pages are looked at for one that is filtered by status. */
  public static final int MAX_LOOKS = 4;

  /** How long a live count may run before it is given up. */
  public static final Duration LIVE_LIMIT = Duration.ofSeconds(30);

  private static final Statements SQL = Statements.beside(JobReads.class, "jobs.sql");

  /**
   * No such table, no such column, not filled yet, not allowed to read it: the view is not there,
   * or is another one (PostgreSQL's manual, appendix A).
   */
  private static final Set<String> NO_VIEW = Set.of("42P01", "42703", "55000", "42501");

  private static final String VIEW_IS_MISSING = "there is no job_progress that could be read";
  private static final String NOT_IN_VIEW = "the job is younger than the last refresh";

  public JobReads {
    requireNonNull(jdbi, "jdbi is null");
  }

  /** Where to read from. */
  public enum Mode {
    /** From the view, and counted where it cannot answer. */
    CACHED,
    /** From the view; what it cannot answer is left out. */
    ONLY_CACHED,
    /** From the tables. */
    REAL_TIME
  }

  private record Found(Map<UUID, JobRows.Row> byId, String reasonIfMissing) {}

  /**
   * How far a job is; empty if there is no such job.
   *
   * @throws StatementException if a live count took longer than {@link #LIVE_LIMIT}
   */
  public Optional<JobReading> find(UUID id, Mode mode) {
    return Optional.ofNullable(read(List.of(id), mode).get(id));
  }

  /**
   * How far some jobs are; those that are not there are left out.
   *
   * @param ids at most {@link #MAX_PAGE}
   * @throws StatementException if a live count took longer than {@link #LIVE_LIMIT}
   */
  public Map<UUID, JobReading> all(Collection<UUID> ids, Mode mode) {
    if (ids.size() > MAX_PAGE) {
      throw new IllegalArgumentException(
          "%d jobs are more than %d".formatted(ids.size(), MAX_PAGE));
    }
    return Map.copyOf(read(List.copyOf(ids), mode));
  }

  /** A page of all jobs, as {@link #list(JobPage.Cursor, int, JobFilter, Mode)} has it. */
  public JobPage list(JobPage.@Nullable Cursor after, int limit, Mode mode) {
    return list(after, limit, JobFilter.ALL, mode);
  }

  /**
   * A page of jobs, newest first. One that is filtered by status may have fewer jobs than the
   * limit, or none, and yet a next one: how many jobs are looked at for it is limited.
   *
   * @param after where the page before ended; null for the first page
   * @param limit from 1 to {@link #MAX_PAGE}, or {@link #MAX_LIVE_PAGE} in real time; more is cut
   * @throws StatementException if a live count took longer than {@link #LIVE_LIMIT}
   */
  public JobPage list(JobPage.@Nullable Cursor after, int limit, JobFilter filter, Mode mode) {
    int most = mode == Mode.REAL_TIME ? MAX_LIVE_PAGE : MAX_PAGE;
    int size = Math.clamp(limit, 1, most);
    JobPage page = page(after, size, filter, filter.statuses().isEmpty() ? size : most, mode);
    List<JobReading> found = new ArrayList<>(page.jobs());
    int leftOut = page.leftOut();
    for (int looks = 1; looks < MAX_LOOKS && isWorthwhile(page, found.size(), size); looks++) {
      page = page(page.next(), size - found.size(), filter, most, mode);
      found.addAll(page.jobs());
      leftOut += page.leftOut();
    }
    return new JobPage(found, page.next(), leftOut);
  }

  /** The jobs that are not done, as far as that is known without counting, newest first. */
  public List<UUID> active() {
    try {
      return ids("active");
    } catch (StatementException e) {
      if (isWithoutView(e)) {
        return ids("newest");
      }
      throw e;
    }
  }

  private List<UUID> ids(String statement) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get(statement))
            .bind("most", MAX_PAGE)
            .bind("newest", MAX_LIVE_PAGE)
            .mapTo(UUID.class)
            .list());
  }

  /** What has to be counted is not looked for any further. */
  private static boolean isWorthwhile(JobPage page, int found, int size) {
    return found < size
        && page.next() != null
        && page.jobs().stream().noneMatch(job -> job.freshness().source() == DataSource.REAL_TIME);
  }

  /**
   * At most {@code size} jobs that the filter takes, of the next {@code most}.
   *
   * @param most not less than {@code size}
   */
  private JobPage page(
      JobPage.@Nullable Cursor after, int size, JobFilter filter, int most, Mode mode) {
    List<Job> jobs =
        jdbi.withHandle(handle -> JobTables.page(handle, after, most + 1, filter.bucket()));
    Map<UUID, JobReading> read = read(jobs.stream().limit(most).map(Job::id).toList(), mode);
    List<JobReading> taken = new ArrayList<>();
    int seen = 0;
    int leftOut = 0;
    while (seen < Math.min(most, jobs.size()) && taken.size() < size) {
      JobReading reading = read.get(jobs.get(seen).id());
      seen++;
      if (reading == null) {
        leftOut++;
      } else if (filter.takes(reading)) {
        taken.add(reading);
      }
    }
    Job last = seen < jobs.size() ? jobs.get(seen - 1) : null;
    return new JobPage(
        taken, last == null ? null : new JobPage.Cursor(last.createdAt(), last.id()), leftOut);
  }

  private Map<UUID, JobReading> read(List<UUID> ids, Mode mode) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    if (mode == Mode.REAL_TIME) {
      return live(ids, Map.of());
    }
    Found found = cached(ids);
    Map<UUID, String> toCount = new HashMap<>();
    Map<UUID, JobReading> read = new HashMap<>();
    for (UUID id : ids) {
      switch (found.byId().get(id)) {
        case null -> toCount.put(id, found.reasonIfMissing());
        case JobRows.Unusable unusable -> toCount.put(id, unusable.why());
        case JobRows.Usable usable -> read.put(id, usable.reading());
      }
    }
    if (mode == Mode.CACHED) {
      read.putAll(live(toCount.keySet(), toCount));
    }
    return read;
  }

  private Found cached(Collection<UUID> ids) {
    try {
      Map<UUID, JobRows.Row> byId = new HashMap<>();
      jdbi.useHandle(handle ->
          asked(handle, ids)
              .map((row, _) -> JobRows.cached(row))
              .forEach(one -> byId.put(one.id(), one)));
      return new Found(byId, NOT_IN_VIEW);
    } catch (StatementException e) {
      if (isWithoutView(e)) {
        return new Found(Map.of(), VIEW_IS_MISSING);
      }
      throw e;
    }
  }

  private static boolean isWithoutView(StatementException e) {
    return e.getCause() instanceof SQLException cause && NO_VIEW.contains(cause.getSQLState());
  }

  private static Query asked(Handle handle, Collection<UUID> ids) {
    return ids.size() == 1
        ? handle.createQuery(SQL.get("cached_one")).bind("id", ids.iterator().next())
        : handle.createQuery(SQL.get("cached")).bindArray("ids", UUID.class, ids.toArray());
  }

  /** Counts in pages, so that a view that is missing does not make one statement of 500 jobs. */
  private Map<UUID, JobReading> live(Collection<UUID> ids, Map<UUID, String> reasons) {
    List<UUID> all = List.copyOf(ids);
    Map<UUID, JobReading> read = new HashMap<>();
    for (int from = 0; from < all.size(); from += MAX_LIVE_PAGE) {
      List<UUID> some = all.subList(from, Math.min(from + MAX_LIVE_PAGE, all.size()));
      jdbi.useTransaction(handle -> read.putAll(live(handle, some, reasons)));
    }
    return read;
  }

  private static Map<UUID, JobReading> live(
      Handle handle, List<UUID> ids, Map<UUID, String> reasons) {
    handle
        .createQuery(SQL.get("live_limit"))
        .bind("millis", LIVE_LIMIT.toMillis())
        .mapTo(String.class)
        .one();
    Map<UUID, JobReading> read = new HashMap<>();
    handle
        .createQuery(SQL.get("live"))
        .bindArray("ids", UUID.class, ids.toArray())
        .map((row, _) -> JobRows.live(row, reasons.get(row.getObject("job_id", UUID.class))))
        .forEach(one -> read.put(one.job().id(), one));
    return read;
  }
}
