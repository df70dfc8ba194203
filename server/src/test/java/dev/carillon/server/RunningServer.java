package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.security.Role;
import dev.carillon.server.security.TokenIssuer;
import dev.carillon.server.security.TokenRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged server as a process of its own, on a free port and with an embedded database. */
final class RunningServer implements AutoCloseable {

  static final String SECRET = "a-secret-of-the-tests-that-is-long-enough";
  static final String ISSUER = "https://issuer.test";
  static final String AUDIENCE = "carillon";
  static final TokenRules RULES =
      new TokenRules(SECRET, ISSUER, AUDIENCE, null, null, Clock.systemUTC());

  private static final Duration START = Duration.ofMinutes(2);
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
  private static final Pattern LISTENS = Pattern.compile("Carillon listens on (http://\\S+)");

  /** What no line of any server may hold: keys, tokens, and what tests call secret. */
  private static final Pattern SECRETS =
      Pattern.compile(
          "whsec_|whsk_|-----BEGIN|eyJ[A-Za-z0-9]|(?i:authorization)|topsecret|"
              + Pattern.quote(SECRET)
              + "|"
              + Pattern.quote(OwnEndpoints.ENCRYPTION_KEY));

  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  /** One server for all tests that need nothing special: starting is what takes time. */
  private static final class Shared {
    static final Postbox POSTBOX = Postbox.open();
    static final RunningServer SERVER =
        start(
            Map.of(
                "CORS_ORIGINS",
                "https://app.test",
                "WEBHOOK_URL",
                POSTBOX.url().toString(),
                "WEBHOOK_SECRET",
                Postbox.SECRET,
                "EVENT_TYPES_FILE",
                Postbox.eventTypes().toString()));

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final CompletableFuture<URI> base = new CompletableFuture<>();
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();

  private RunningServer(Process process) {
    this.process = process;
    read(
        process.getInputStream(),
        line -> {
          watch(line);
          out.add(line);
        });
    Thread errors =
        read(
            process.getErrorStream(),
            line -> {
              watch(line);
              err.add(line);
              Matcher listens = LISTENS.matcher(line);
              if (listens.find()) {
                base.complete(URI.create(listens.group(1)));
              }
            });
    var _ =
        process
            .onExit()
            .thenRun(() -> {
              awaitEnd(errors);
              base.completeExceptionally(new IllegalStateException("ended: " + err));
            });
  }

  /** The lines that any server of this run has written and that hold a secret. */
  static List<String> leaks() {
    return List.copyOf(LEAKS);
  }

  static RunningServer shared() {
    return Shared.SERVER;
  }

  /** Where the shared server delivers to. */
  static Postbox postbox() {
    return Shared.POSTBOX;
  }

  static RunningServer start(Map<String, String> environment) {
    try {
      Path data = Files.createTempDirectory("carillon-it");
      ProcessBuilder builder = new ProcessBuilder(command("serve", "--port", "0"));
      builder.environment().put("CARILLON_DATA", data.toString());
      builder.environment().put("JWT_SECRET", SECRET);
      builder.environment().put("JWT_ISSUER", ISSUER);
      builder.environment().put("JWT_AUDIENCE", AUDIENCE);
      builder.environment().putAll(environment);
      RunningServer server = new RunningServer(builder.start());
      server.base.get(START.toSeconds(), TimeUnit.SECONDS);
      return server;
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }

  /** The program with this JVM's settings, and its coverage agent if there is one. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-XX:") || argument.contains("jacoco"))
        .forEach(command::add);
    command.add("-jar");
    command.add(JAR.toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    return command;
  }

  static String token(Role role) {
    return token(role, "test-" + role.spelled());
  }

  static String token(Role role, String subject) {
    return new TokenIssuer(RULES).issue(role, subject, Duration.ofHours(1));
  }

  URI base() {
    return base.join();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + path));
  }

  HttpRequest.Builder as(Role role, String path) {
    return request(path).header("Authorization", "Bearer " + token(role));
  }

  HttpRequest.Builder post(Role role, String path, String json) {
    return as(role, path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The access-log line of a request; waits for it, since it is written after the answer. */
  String accessLine(String requestId) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      for (String line : out) {
        if (line.contains("\"" + requestId + "\"")) {
          return line;
        }
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("no access-log line of " + requestId);
  }

  List<String> out() {
    return List.copyOf(out);
  }

  List<String> err() {
    return List.copyOf(err);
  }

  long pid() {
    return process.pid();
  }

  /** Ends it as a crash would: without a word, its database left running. */
  void crash() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Asks it to stop, and returns the exit code when it has. */
  int stop() throws InterruptedException {
    // Process.destroy would also close the streams, and with them what is said at the end.
    process.toHandle().destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the server does not stop");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void watch(String line) {
    if (SECRETS.matcher(line).find()) {
      LEAKS.add(line);
    }
  }

  /** What a process said at its end is read after it has ended. */
  private static void awaitEnd(Thread reader) {
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not in a virtual thread: a read of a pipe keeps its carrier, and there are few of these. */
  private static Thread read(InputStream stream, Consumer<String> lines) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (var reader =
              new java.io.BufferedReader(
                  new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines);
          } catch (IOException | UncheckedIOException e) {
            // The process has ended.
          }
        });
  }
}
