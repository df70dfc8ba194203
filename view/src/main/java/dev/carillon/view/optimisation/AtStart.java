package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What a process that starts does about optimisations: applies them where that takes moments, and
 * otherwise says what to run. Any number may start at once.
 */
public final class AtStart {

  /**
   * The most jobs, objects and findings, as the planner guesses, that are dealt with at a start.
   */
  public static final long MOST_ROWS = 100_000;

  /** A guess for tables that nobody has analysed yet. */
  static final int ROWS_PER_PAGE = 60;

  private static final String RUN = "run carillon migrate";
  private static final Statements SQL = Statements.beside(AtStart.class, "turn.sql");

  private final Optimisations optimisations;
  private final long mostRows;

  /** With the usual limit. */
  public AtStart(Optimisations optimisations) {
    this(optimisations, MOST_ROWS);
  }

  AtStart(Optimisations optimisations, long mostRows) {
    this.optimisations = requireNonNull(optimisations, "optimisations is null");
    this.mostRows = mostRows;
  }

  /** What was done. */
  public sealed interface Outcome {

    /** Nothing had to be done. */
    record Nothing() implements Outcome {}

    /**
     * Something was applied, and verified.
     *
     * @param names what
     */
    record Applied(List<String> names) implements Outcome {

      public Applied {
        names = List.copyOf(names);
      }
    }

    /**
     * It is left to somebody else.
     *
     * @param message why, and what to run
     */
    record Left(String message) implements Outcome {

      public Left {
        requireNonNull(message, "message is null");
      }
    }

    /**
     * It did not work.
     *
     * @param message why, and what to run
     */
    record Failed(String message) implements Outcome {

      public Failed {
        requireNonNull(message, "message is null");
      }
    }
  }

  /** Looks, and applies what is to be applied. What goes wrong is told, not thrown. */
  public Outcome run(Progress progress) {
    try {
      Seen seen = optimisations.jdbi().withHandle(AtStart::look);
      if (!seen.mayCreate()) {
        return new Outcome.Left(
            "this role may not create: after an upgrade, run carillon migrate by a role that may");
      }
      return seen.rows() > mostRows ? large(seen.rows()) : apply(progress);
    } catch (RuntimeException e) {
      return new Outcome.Failed("jobs were not optimised: %s; %s".formatted(Patient.words(e), RUN));
    }
  }

  private record Seen(boolean mayCreate, long rows) {}

  private static Seen look(Handle handle) {
    return new Seen(
        handle.createQuery(SQL.get("may_create")).mapTo(Boolean.class).one(),
        handle
            .createQuery(SQL.get("rows"))
            .bind("rows_per_page", ROWS_PER_PAGE)
            .mapTo(Long.class)
            .one());
  }

  private Outcome large(long rows) {
    return optimisations.states().stream()
        .filter(one -> !one.onlyByName() && !one.differences().isEmpty())
        .findFirst()
        .<Outcome>map(one ->
            new Outcome.Left(
                String.format(
                    Locale.ROOT,
                    "jobs and their objects are about %,d rows, too many to optimise at a start (%s: %s): %s",
                    rows,
                    one.name(),
                    one.differences().getFirst(),
                    RUN)))
        .orElseGet(Outcome.Nothing::new);
  }

  private Outcome apply(Progress progress) {
    Optional<Report> report = optimisations.migrateIfFree(progress);
    if (report.isEmpty()) {
      return new Outcome.Left("another process optimises jobs");
    }
    List<Step> steps = report.get().steps();
    Optional<Step> unverified = steps.stream().filter(step -> !step.verified()).findFirst();
    if (unverified.isPresent()) {
      return new Outcome.Failed(
          "%s is not as it should be: %s; %s"
              .formatted(unverified.get().name(), unverified.get().left().getFirst(), RUN));
    }
    List<String> applied =
        steps.stream()
            .filter(step -> step.result() == Step.Result.APPLIED)
            .map(Step::name)
            .toList();
    return applied.isEmpty() ? new Outcome.Nothing() : new Outcome.Applied(applied);
  }
}
