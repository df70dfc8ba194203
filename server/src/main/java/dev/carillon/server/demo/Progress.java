package dev.carillon.server.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Says how far the demo is: one line that is rewritten on a terminal, a line a month elsewhere. */
final class Progress {

  private static final Duration REWRITE_EVERY = Duration.ofMillis(100);

  private final PrintStream out;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private long written;
  private int month;

  Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void created(int users, int of) {
    write("creating users: %,d of %,d".formatted(users, of), users == of);
  }

  void delivered(Instant now, int delivered) {
    LocalDate date = LocalDate.ofInstant(now, ZoneOffset.UTC);
    boolean newMonth = date.getMonthValue() != month;
    month = date.getMonthValue();
    write("the clock shows %s: %,d birthdays delivered".formatted(date, delivered), newMonth);
  }

  void done() {
    if (terminal) {
      out.println();
    }
  }

  private void write(String line, boolean milestone) {
    long now = System.nanoTime();
    if (terminal && (milestone || now - written > REWRITE_EVERY.toNanos())) {
      written = now;
      out.print("\r\u001b[K" + line);
      out.flush();
    } else if (!terminal && milestone) {
      out.println("%5.1f s  %s".formatted((now - start) / 1e9, line));
    }
  }
}
