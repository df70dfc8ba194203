package dev.carillon.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes one JSON line a request, in the order in which requests end. Lines are written by one
 * thread of its own, so that no request waits for the console; only when {@link #MAX_WAITING} lines
 * wait does a request wait too, since no line is ever dropped. Safe for use by many threads.
 */
public final class AccessLog implements AutoCloseable {

  /** How many lines wait to be written at most. */
  public static final int MAX_WAITING = 16_384;

  private static final int MAX_BATCH = 1_024;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(MAX_WAITING);
  private final PrintStream out;
  private final Thread writer;

  /** A log that goes to a stream, which it does not close. */
  public AccessLog(OutputStream out) {
    this.out = new PrintStream(out, false);
    this.writer = Thread.ofPlatform().daemon().name("carillon-access-log").start(this::write);
  }

  /** Writes a line. */
  public void line(ObjectNode line) {
    put(Json.bytes(line));
  }

  /** Writes what still waits. */
  @Override
  public void close() {
    put(END);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void put(byte[] line) {
    try {
      lines.put(line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    List<byte[]> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(lines.take());
        lines.drainTo(batch, MAX_BATCH);
        for (byte[] line : batch) {
          if (line.length == 0) {
            out.flush();
            return;
          }
          out.write(line, 0, line.length);
          out.write('\n');
        }
        out.flush();
        batch.clear();
      }
    } catch (InterruptedException e) {
      out.flush();
    }
  }
}
