package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code carillon job watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Watch a job until it is done. Exit code 1 if it failed or was called off.")
final class JobWatchCommand implements Callable<Integer> {

  /** How often it is asked how far the job is. */
  static final Duration EVERY = Duration.ofSeconds(1);

  private static final Set<String> DONE = Set.of("completed", "failed", "aborted");
  private static final int WIDTH = 30;
  private static final double WHOLE = 100;

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private JobCommand.One job = new JobCommand.One();

  @Override
  public Integer call() {
    boolean terminal =
        !server.isJson()
            && Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    try (ServerClient client = server.client()) {
      String said = "";
      while (true) {
        JsonNode now = client.get(job.path());
        String line = server.isJson() ? now.toString() : line(now);
        boolean done = DONE.contains(now.path("status").asText());
        if (!line.equals(said)) {
          say(line, terminal, done);
          said = line;
        }
        if (done) {
          return now.path("status").asText().equals("completed") ? 0 : 1;
        }
        pause();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(1, "interrupted");
    }
  }

  /** How far a job is, in one line. */
  static String line(JsonNode job) {
    double percent = job.path("progress_percent").asDouble();
    int full = (int) (Math.clamp(percent, 0, WHOLE) / WHOLE * WIDTH);
    long done = job.path("succeeded").asLong() + job.path("failed").asLong();
    String findings = job.path("total_findings").asText("0");
    return String.format(
        Locale.ROOT,
        "[%s%s] %6.2f %%  %s  %,d of %,d objects, %,d failed, %s findings  %s",
        "#".repeat(full),
        ".".repeat(WIDTH - full),
        percent,
        job.path("status").asText(),
        done,
        job.path("total").asLong(),
        job.path("failed").asLong(),
        findings,
        freshness(job));
  }

  /** In whole seconds: a line is said again when it differs. */
  private static String freshness(JsonNode job) {
    String at = job.path("as_of").asText();
    String as = at.isEmpty() ? "" : "as of " + Instant.parse(at).toString().substring(11, 19);
    String source = job.path("data_source").asText().equals("cached") ? as : "counted";
    return job.path("exact").asBoolean(true) ? source : source + ", not exact";
  }

  private void say(String line, boolean terminal, boolean last) {
    if (terminal) {
      server.out().print("\r\u001b[K" + Table.printable(line) + (last ? "\n" : ""));
    } else {
      server.out().println(Table.printable(line));
    }
    server.out().flush();
  }

  /** A latch that nobody counts down: it ends by time, or an interrupt. */
  private static void pause() throws InterruptedException {
    var _ = new CountDownLatch(1).await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }
}
