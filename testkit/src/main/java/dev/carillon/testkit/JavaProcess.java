package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes of their own with this one's class path, made to be killed. */
public final class JavaProcess {

  /** What a process ends with that SIGKILL ends: 128 and the signal's number. */
  private static final int KILLED = 128 + 9;

  private static final int SECONDS_TO_DIE = 10;

  private JavaProcess() {}

  /** Starts a small process that says nothing. */
  public static Process start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Ends it as {@code kill -9} does. */
  public static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("as kill -9 ends it").isEqualTo(KILLED);
  }
}
