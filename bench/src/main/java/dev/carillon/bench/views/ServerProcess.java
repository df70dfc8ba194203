package dev.carillon.bench.views;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged server: a process of its own, as it is run, but without authentication. */
final class ServerProcess implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("Carillon listens on (http://\\S+)");

  // Of nothing: all servers of a database need the same.
  private static final String KEY =
      Base64.getEncoder().encodeToString("the bench keeps nothing secret..".getBytes(UTF_8));

  private static final int SECONDS_TO_START = 120;
  private static final int SECONDS_TO_STOP = 30;

  private final Process process;
  private final Path data;
  private final CompletableFuture<URI> base = new CompletableFuture<>();

  private ServerProcess(Process process, Path data) {
    this.process = process;
    this.data = data;
    // A read of a pipe keeps the carrier of a virtual thread.
    Thread.ofPlatform().daemon().start(this::listen);
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param jar the packaged server
   * @param jdbcUrl its database
   */
  static ServerProcess start(Path jar, String jdbcUrl) throws InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(java, "-Xmx512m", "-jar", jar.toAbsolutePath().toString(), "serve", "--port", "0");
    try {
      Path data = Files.createTempDirectory("carillon-bench-server-");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      Map<String, String> environment = builder.environment();
      environment.put("DATABASE_URL", jdbcUrl);
      environment.put("CARILLON_DATA", data.toString());
      environment.put("AUTH", "none");
      environment.put("ENCRYPTION_KEY", KEY);
      environment.put("THROTTLE_RATE", "100000");
      environment.put("THROTTLE_BURST", "100000");
      ServerProcess server = new ServerProcess(builder.start(), data);
      server.awaitStart();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not start", e);
    }
  }

  private void awaitStart() throws InterruptedException {
    try {
      base.get(SECONDS_TO_START, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException("the server does not start", e);
    }
  }

  /** Where a path of it is. */
  URI at(String path) {
    return base.join().resolve(path);
  }

  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + data, e);
    }
  }

  private void listen() {
    try (BufferedReader lines = process.errorReader()) {
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher listens = LISTENS.matcher(line);
        if (listens.find()) {
          base.complete(URI.create(listens.group(1)));
        }
        last = line;
      }
      base.completeExceptionally(new IllegalStateException("it ended: " + last));
    } catch (IOException e) {
      base.completeExceptionally(e);
    }
  }
}
