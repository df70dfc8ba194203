package dev.carillon.bench.deliver;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The receiver: a process of its own, so that its processor time is told apart. */
final class ReceiverProcess implements AutoCloseable {

  private final Process process;
  private final OutputStream commands;
  private final DataInputStream answers;
  private final int port;

  private ReceiverProcess(Process process) throws IOException {
    this.process = process;
    this.commands = process.getOutputStream();
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.port = answers.readInt();
  }

  static ReceiverProcess start() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    List<String> command =
        List.of(
            java,
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            classPath,
            LoopbackReceiver.class.getName());
    try {
      return new ReceiverProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException("the receiver does not start", e);
    }
  }

  /** Where to deliver to, to be answered as that says. */
  URI url(Answers answers) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port, answers.path()));
  }

  /** How many messages have arrived that were not taken yet. */
  int count() {
    try {
      return ask(LoopbackReceiver.COUNT);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** What has arrived since the last time. */
  List<Arrival> take() {
    try {
      int count = ask(LoopbackReceiver.TAKE);
      List<Arrival> taken = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        UUID event = new UUID(answers.readLong(), answers.readLong());
        taken.add(new Arrival(event, Instant.EPOCH.plusNanos(answers.readLong())));
      }
      return taken;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** Seconds of processor time that it has used. */
  double cpuSeconds() {
    Duration used = process.info().totalCpuDuration().orElse(Duration.ZERO);
    return used.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
  }

  @Override
  public void close() {
    process.destroy();
  }

  private int ask(int command) throws IOException {
    commands.write(command);
    commands.flush();
    return answers.readInt();
  }

  private static UncheckedIOException gone(IOException cause) {
    return new UncheckedIOException("the receiver is gone", cause);
  }
}
