package dev.carillon.bench;

import dev.carillon.bench.views.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much of everything is measured of fresh views. */
final class ViewsOptions {

  @Option(
      names = "--objects",
      defaultValue = "10000000",
      description = "Objects of the largest database.")
  private long objects;

  @Option(
      names = "--changes",
      defaultValue = "10000",
      description = "Changes before the view is brought up to date.")
  private int changes;

  @Option(names = "--samples", defaultValue = "3000", description = "How often a read is timed.")
  private int samples;

  @Option(names = "--rounds", defaultValue = "5", description = "Rounds of everything else.")
  private int rounds;

  @Option(names = "--clients", defaultValue = "16", description = "Clients that write at once.")
  private int clients;

  @Option(names = "--seconds", defaultValue = "6", description = "How long they write in a round.")
  private int seconds;

  @Option(
      names = "--server",
      defaultValue = "server/target/quarkus-app/quarkus-run.jar",
      description = "The packaged server, which is asked over HTTP.")
  private Path server = Path.of("");

  Sizes sizes() {
    return new Sizes(objects, changes, samples, rounds, clients, Duration.ofSeconds(seconds));
  }

  Path server() {
    return server;
  }
}
