package dev.carillon.server.demo.view;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.server.wiring.Wiring;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.view.job.JobReads;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code carillon demo views}. */
@Command(
    name = "views",
    mixinStandardHelpOptions = true,
    description =
        "Move jobs on beside readers who ask how far these are: a view that is refreshed each"
            + " second, one that a ledger keeps, and live counts, on an embedded database of its"
            + " own. Exit code 1 if an answer differs from what the tables say, or goes backwards.")
public final class ViewDemoCommand implements Callable<Integer> {

  static final int MAX_JOBS = JobReads.MAX_PAGE;
  static final int MAX_OBJECTS = 20_000_000;
  static final int MAX_SECONDS = 3_600;

  private static final double NANOS_PER_SECOND = 1e9;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "10",
      description = "how many jobs, 1 to " + MAX_JOBS + " (${DEFAULT-VALUE})")
  private int jobs;

  @Option(
      names = "--objects",
      paramLabel = "N",
      defaultValue = "200000",
      description = "how many objects in all, 1 to " + MAX_OBJECTS + " (${DEFAULT-VALUE})")
  private int objects;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "20",
      description = "how long they are moved on, 1 to " + MAX_SECONDS + " (${DEFAULT-VALUE})")
  private int seconds;

  /** Made by the command line. */
  public ViewDemoCommand() {
    this.spec = null;
  }

  @Override
  public Integer call() throws InterruptedException {
    within("--jobs", jobs, MAX_JOBS);
    within("--objects", objects, MAX_OBJECTS);
    within("--seconds", seconds, MAX_SECONDS);
    PrintStream people = System.err;
    people.println("starting an embedded PostgreSQL on 127.0.0.1 ...");
    long start = System.nanoTime();
    try (EmbeddedDatabase server = EmbeddedDatabase.temporary();
        Database database = Database.open(Database.Address.of(server.create("demo")))) {
      database.migrate();
      ViewDemo.Size size = new ViewDemo.Size(jobs, objects, Duration.ofSeconds(seconds));
      ViewDemoReport report =
          new ViewDemo(database, size, line -> people.println(timed(start, line)))
              .run(Wiring.wallClock());
      System.out.println(report.table());
      return report.isFlawless() ? 0 : 1;
    }
  }

  private static String timed(long start, String line) {
    return String.format(
        Locale.ROOT, "%5.1f s  %s", (System.nanoTime() - start) / NANOS_PER_SECOND, line);
  }

  private void within(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          requireNonNull(spec, "spec is null").commandLine(),
          "%s must be from 1 to %d, not %d".formatted(flag, most, value));
    }
  }
}
