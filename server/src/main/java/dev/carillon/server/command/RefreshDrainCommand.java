package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.drain.DrainLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code carillon refresh drain}. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    description =
        "Have the server drain the queue now, and say how far it is. Ending this"
            + " command does not end the drain. Exit code 1 if the drain could not call its source.")
final class RefreshDrainCommand implements Callable<Integer> {

  /** How often it is asked how far the drain is. */
  static final Duration EVERY = Duration.ofSeconds(1);

  /** How long after its limit a drain is waited for: its process was killed then. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long the same is not said again. */
  static final Duration QUIET = Duration.ofSeconds(10);

  /** The ends of drains whose source could not be called, or not any more. */
  private static final Set<String> NOT_CALLED = Set.of("refused", "unavailable", "paused");

  private static final double NANOS_PER_SECOND = 1e9;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--no-wait", description = "start it and end")
  private boolean noWait;

  @Override
  public Integer call() {
    try (ServerClient client = server.client()) {
      Instant before = lastStart(client.get(RefreshCommand.SUMMARY));
      JsonNode started = client.send("POST", "/v1/refresh", null).good();
      if (noWait) {
        if (!server.printed(started)) {
          say("%s requests wait".formatted(started.path("queue_size").asText()));
        }
        return 0;
      }
      return follow(client, before, patience(started.path("started").asBoolean(true)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(1, "interrupted");
    }
  }

  /** Follows the first drain that began after another one, whatever process it runs in. */
  private int follow(ServerClient client, Instant before, Duration patience)
      throws InterruptedException {
    long start = System.nanoTime();
    long saidAt = start - QUIET.toNanos();
    String said = "";
    while (System.nanoTime() - start < patience.toNanos()) {
      JsonNode state = client.get(RefreshCommand.SUMMARY);
      JsonNode last = state.path("last_drain");
      boolean isNew = lastStart(state).isAfter(before);
      if (isNew && last.path("ended_at").isTextual() && state.path("running").isEmpty()) {
        return end(last);
      }
      long now = System.nanoTime();
      String line = line(state);
      if (!server.isJson() && (!line.equals(said) || now - saidAt >= QUIET.toNanos())) {
        say(String.format(Locale.ROOT, "%5.1f s  %s", (now - start) / NANOS_PER_SECOND, line));
        said = line;
        saidAt = now;
      }
      pause();
    }
    throw new CommandFailed(1, "the drain does not end: is its process there?");
  }

  /** A drain that did not begin at once begins after another one, which has its own time. */
  static Duration patience(boolean isStarted) {
    return DrainLimits.DEFAULT.timeLimit().multipliedBy(isStarted ? 1 : 2).plus(PATIENCE);
  }

  private int end(JsonNode last) {
    String ended = last.path("ended").asText();
    if (!server.printed(last)) {
      String detail = Table.text(last.path("detail"));
      say(
          String.format(
              Locale.ROOT,
              "ended (%s%s): %d processed, %d of them failed, %d fresh, %d calls, %.2f a second",
              ended,
              detail.isEmpty() ? "" : ": " + detail,
              last.path("processed").asLong(),
              last.path("failed").asLong(),
              last.path("dropped").asLong(),
              last.path("calls").asLong(),
              last.path("calls_per_second").asDouble()));
    }
    return NOT_CALLED.contains(ended) ? 1 : 0;
  }

  static String line(JsonNode state) {
    long processed = 0;
    long failed = 0;
    double rate = 0;
    String pause = "";
    for (JsonNode one : state.path("running")) {
      processed += one.path("processed").asLong();
      failed += one.path("failed").asLong();
      rate += one.path("calls_per_second").asDouble();
      pause = one.path("pause").isTextual() ? ", paused: " + one.path("pause").asText() : pause;
    }
    return String.format(
        Locale.ROOT,
        "%d processed, %d of them failed, %s wait, %.1f calls/s%s",
        processed,
        failed,
        state.path("queue_size").asText("?"),
        rate,
        pause);
  }

  private static Instant lastStart(JsonNode state) {
    JsonNode started = state.path("last_drain").path("started_at");
    return started.isTextual() ? Instant.parse(started.asText()) : Instant.EPOCH;
  }

  private void say(String line) {
    server.out().println(Table.printable(line));
    server.out().flush();
  }

  /** A latch that nobody counts down: it ends by time, or an interrupt. */
  private static void pause() throws InterruptedException {
    var _ = new CountDownLatch(1).await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }
}
