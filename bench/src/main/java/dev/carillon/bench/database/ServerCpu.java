package dev.carillon.bench.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The processor time of a PostgreSQL server: of all its processes, with those that have ended. Read
 * from {@code /proc/PID/stat}, as proc(5) describes it; unknown where there is no such file. Of
 * those that live it is read from {@code /proc/PID/schedstat}, which counts nanoseconds where the
 * former counts hundredths of a second; see Documentation/scheduler/sched-stats of Linux.
 *
 * @param postmaster the server's first process
 */
record ServerCpu(long postmaster) {

  // Fields 14 to 17 of the file, counted behind the command's name, which may contain blanks.
  private static final int OWN_FROM = 11;
  private static final int ENDED_CHILDREN_FROM = 13;
  private static final int FIELDS = 2;

  private static final double NANOS_PER_SECOND = 1e9;

  // The unit of those fields: USER_HZ is 100 on every Linux that Java runs on.
  private static final double TICKS_PER_SECOND = 100;

  /** Of the server whose data is in a folder. */
  static ServerCpu ofFolder(Path folder) {
    try (Stream<String> lines = Files.lines(folder.resolve("postmaster.pid"))) {
      return new ServerCpu(Long.parseLong(lines.findFirst().orElseThrow().strip()));
    } catch (IOException e) {
      throw new UncheckedIOException("no server runs in " + folder, e);
    }
  }

  /** Seconds since the server started. */
  OptionalDouble seconds() {
    if (!Files.exists(stat(postmaster))) {
      return OptionalDouble.empty();
    }
    double ended = ticks(postmaster, ENDED_CHILDREN_FROM) / TICKS_PER_SECOND;
    double children =
        ProcessHandle.of(postmaster).stream()
            .flatMap(ProcessHandle::children)
            .mapToDouble(child -> own(child.pid()))
            .sum();
    return OptionalDouble.of(ended + own(postmaster) + children);
  }

  private static double own(long process) {
    try {
      String text = Files.readString(Path.of("/proc", Long.toString(process), "schedstat"));
      return Long.parseLong(text.substring(0, text.indexOf(' '))) / NANOS_PER_SECOND;
    } catch (IOException e) {
      return ticks(process, OWN_FROM) / TICKS_PER_SECOND; // It ended, or the kernel has no such.
    }
  }

  private static long ticks(long process, int from) {
    try {
      String text = Files.readString(stat(process));
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      long sum = 0;
      for (int i = from; i < from + FIELDS; i++) {
        sum += Long.parseLong(fields[i]);
      }
      return sum;
    } catch (NoSuchFileException e) {
      return 0; // It ended meanwhile.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the processor time of " + process, e);
    }
  }

  private static Path stat(long process) {
    return Path.of("/proc", Long.toString(process), "stat");
  }
}
