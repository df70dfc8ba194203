package dev.carillon.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one JSON line a request, in the order in which requests end. Lines are written by one
 * thread of its own, so that no request waits for the console. Whoever calls may be an event loop:
 * when {@link #MAX_WAITING} lines wait, further ones are dropped and counted, and the log tells
 * their number once lines can be written again. Safe for use by many threads.
 */
public final class AccessLog implements AutoCloseable {

  /** How many lines wait to be written at most. */
  public static final int MAX_WAITING = 16_384;

  /** How long a stop waits for the lines that still wait. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final int MAX_BATCH = 1_024;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final PrintStream out;
  private final Thread writer;

  /** A log that goes to a stream, which it does not close. */
  public AccessLog(OutputStream out) {
    this.out = new PrintStream(out, false);
    this.writer = Thread.ofPlatform().daemon().name("carillon-access-log").start(this::write);
  }

  /** Writes a line soon, or drops it; never waits. */
  public void line(ObjectNode line) {
    if (!lines.offer(Json.bytes(line))) {
      dropped.incrementAndGet();
    }
  }

  /** How many lines were dropped so far. */
  public long dropped() {
    return dropped.get();
  }

  /** Writes what still waits, unless that takes longer than {@link #PATIENCE}. */
  @Override
  public void close() {
    try {
      boolean ends = lines.offer(END, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (!ends || !writer.join(PATIENCE)) {
        LOG.warn("the access log cannot be written: its last lines are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long tellDropped(long told) {
    long now = dropped.get();
    if (now > told) {
      LOG.warn("{} access-log lines were dropped: they came faster than they go out", now - told);
    }
    return now;
  }

  private void write() {
    List<byte[]> batch = new ArrayList<>();
    long told = 0;
    try {
      while (true) {
        batch.add(lines.take());
        lines.drainTo(batch, MAX_BATCH);
        for (byte[] line : batch) {
          if (line.length == 0) {
            out.flush();
            tellDropped(told);
            return;
          }
          out.write(line, 0, line.length);
          out.write('\n');
        }
        out.flush();
        batch.clear();
        told = tellDropped(told);
      }
    } catch (InterruptedException e) {
      out.flush();
    }
  }
}
