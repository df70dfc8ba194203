package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.carillon.postgres.Database;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.ledger.Ledger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * All optimisations, by name: what {@code carillon migrate} does. Each is applied only as far as
 * something is missing or different, so that it may be run at any time, also on tables that were
 * made by hand, and again after a crash. It is safe beside readers and writers; one process at a
 * time changes a database, and others wait for it.
 */
public final class Optimisations {

  /** How long another process that migrates is waited for: a server that starts takes moments. */
  public static final Duration TURN_WAIT = Duration.ofSeconds(30);

  private final Jdbi jdbi;
  private final List<Optimisation> all;

  /**
   * The optimisations of a database.
   *
   * @param refresh fills {@code job_progress} at first
   * @param clock dates its registration
   */
  public Optimisations(Database database, FullRefresh refresh, InstantSource clock) {
    this.jdbi = database.jdbi();
    Conversion conversion = new Conversion(jdbi, new Ledger(jdbi), clock);
    ProgressView materialized = new ProgressView(jdbi, refresh, conversion);
    this.all =
        List.of(
            new JobTables(database),
            new JobIndexes(jdbi),
            materialized,
            new PartitionedObjects(jdbi),
            new IncrementalProgress(jdbi, conversion, materialized));
  }

  /**
   * An optimisation and how it is.
   *
   * @param onlyByName whether it is applied only where it is named
   * @param differences what is missing or different; empty if it is applied
   */
  public record State(String name, String title, boolean onlyByName, List<String> differences) {

    public State {
      requireNonNull(name, "name is null");
      requireNonNull(title, "title is null");
      differences = List.copyOf(differences);
    }
  }

  /** The names of all, in order. */
  public List<String> names() {
    return all.stream().map(Optimisation::name).toList();
  }

  /** Looks how each is; changes nothing. */
  public List<State> states() {
    return all.stream()
        .map(one -> new State(one.name(), one.title(), one.onlyByName(), one.differences()))
        .toList();
  }

  /**
   * The whole name of one.
   *
   * @param name its whole name, or its number
   * @throws IllegalArgumentException if there is none of that name; the message lists all
   */
  public String named(String name) {
    return all.get(index(name)).name();
  }

  /**
   * Applies all but those that must be named.
   *
   * @throws IllegalStateException if something is in the way, or another process migrates; in words
   */
  public Report migrate(Progress progress) {
    return inTurn(progress, () -> applyUsual(progress));
  }

  /** Applies all but those that must be named; empty if another process migrates. */
  Optional<Report> migrateIfFree(Progress progress) {
    Optional<Turn> taken = Turn.take(jdbi);
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (Turn _ = taken.get()) {
      return Optional.of(applyUsual(progress));
    }
  }

  /**
   * Applies one, and before it those that it stands on: all earlier ones that need not be named.
   *
   * @param name its whole name, or its number
   * @throws IllegalArgumentException if there is none of that name; the message lists all
   * @throws IllegalStateException if something is in the way, or another process migrates; in words
   */
  public Report migrate(String name, Progress progress) {
    int index = index(name);
    List<Optimisation> chosen = new ArrayList<>();
    all.subList(0, index).stream().filter(one -> !one.onlyByName()).forEach(chosen::add);
    chosen.add(all.get(index));
    return inTurn(progress, () -> apply(chosen, progress));
  }

  /**
   * Removes all optimisations, the last first, and keeps all data.
   *
   * @throws IllegalStateException if something is in the way, or another process migrates; in words
   */
  public Report rollback(Progress progress) {
    return inTurn(progress, () -> remove(all, progress));
  }

  /**
   * Removes the optimisations after one, the last first, and keeps all data.
   *
   * @param name the last that stays: its whole name, or its number
   * @throws IllegalArgumentException if there is none of that name; the message lists all
   */
  public Report rollback(String name, Progress progress) {
    List<Optimisation> chosen = all.subList(index(name) + 1, all.size());
    return inTurn(progress, () -> remove(chosen, progress));
  }

  Jdbi jdbi() {
    return jdbi;
  }

  private Report inTurn(Progress progress, Supplier<Report> work) {
    try (Turn _ = Turn.await(jdbi, TURN_WAIT, progress)) {
      return work.get();
    }
  }

  private Report applyUsual(Progress progress) {
    return apply(all.stream().filter(one -> !one.onlyByName()).toList(), progress);
  }

  private static Report apply(List<Optimisation> chosen, Progress progress) {
    List<Step> steps = new ArrayList<>();
    List<String> next = new ArrayList<>();
    for (Optimisation one : chosen) {
      steps.add(apply(one, progress));
      next.addAll(one.nextSteps());
    }
    return new Report(steps, next);
  }

  private static Step apply(Optimisation one, Progress progress) {
    long start = System.nanoTime();
    List<String> found = one.differences();
    if (found.isEmpty()) {
      progress.say(one.name() + ": already there");
      return new Step(one.name(), Step.Result.ALREADY_THERE, found, found, since(start));
    }
    progress.say(one.name() + ": " + one.title());
    found.forEach(difference -> progress.say("  " + difference));
    one.apply(progress);
    List<String> left = one.differences();
    progress.say(
        one.name() + (left.isEmpty() ? ": applied and verified" : ": not as it should be"));
    return new Step(one.name(), Step.Result.APPLIED, found, left, since(start));
  }

  private static Report remove(List<Optimisation> chosen, Progress progress) {
    List<Step> steps = new ArrayList<>();
    for (Optimisation one : chosen.reversed()) {
      long start = System.nanoTime();
      boolean removed = one.rollback(progress);
      progress.say(one.name() + (removed ? ": removed" : ": nothing to remove"));
      Step.Result result = removed ? Step.Result.ROLLED_BACK : Step.Result.NOT_THERE;
      steps.add(new Step(one.name(), result, List.of(), List.of(), since(start)));
    }
    return new Report(steps, List.of("carillon migrate makes them again; no data was removed"));
  }

  private int index(String name) {
    for (int i = 0; i < all.size(); i++) {
      String known = all.get(i).name();
      if (known.equals(name) || known.startsWith(name + "_")) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "there is no optimisation named %s; there are:%n%s".formatted(name, list()));
  }

  private String list() {
    return all.stream()
        .map(one ->
            "  %s  %s%s".formatted(one.name(), one.title(), one.onlyByName() ? " (by name)" : ""))
        .collect(joining(System.lineSeparator()));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
