package dev.carillon.webhook.http;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: what it is at, how long its parts took, and the time it has. One thread
 * takes it from stage to stage; another may run it, which breaks it off because its time is over.
 */
final class Exchange extends HttpCoreContext implements Runnable {

  private final Duration timeout;
  private final @Nullable ClientTls tlsOfEndpoint;
  private final long start = System.nanoTime();
  // Set once: by its own thread when it has ended, or by the other when it is broken off.
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Socket dialling;
  private volatile @Nullable PooledConnection connection;

  // Of its own thread alone.
  private Stage stage = Stage.POOL;
  private @Nullable Duration dns;
  private @Nullable Duration connect;
  private @Nullable Duration tls;
  private @Nullable Duration firstByte;

  /**
   * One that begins now.
   *
   * @param timeout the longest that all of it may take
   * @param tls keys and trust of the endpoint; null for those of the Java platform
   */
  Exchange(Duration timeout, @Nullable ClientTls tls) {
    this.timeout = timeout;
    this.tlsOfEndpoint = tls;
  }

  Duration timeout() {
    return timeout;
  }

  @Nullable ClientTls tls() {
    return tlsOfEndpoint;
  }

  Stage stage() {
    return stage;
  }

  void at(Stage next) {
    stage = next;
  }

  /** What is left of its time; zero or less when it is over. */
  Duration left() {
    return timeout.minusNanos(System.nanoTime() - start);
  }

  /** The shorter of what is left and a limit. */
  Duration atMost(Duration limit) {
    Duration left = left();
    return left.compareTo(limit) < 0 ? left : limit;
  }

  boolean isOver() {
    return over.get();
  }

  /** Ends it in time; false if it was broken off before. What it used is then not to be reused. */
  boolean end() {
    return over.compareAndSet(false, true);
  }

  /** Breaks it off: whatever its thread is blocked on fails. */
  @Override
  public void run() {
    if (over.compareAndSet(false, true)) {
      PooledConnection used = connection;
      if (used != null) {
        used.close(CloseMode.IMMEDIATE);
      }
      closeDialling();
    }
  }

  /** Goes on over this connection. */
  void on(PooledConnection leased) throws IOException {
    connection = leased;
    requireTime();
  }

  /** Goes on over a socket that is no connection yet. */
  void on(Socket fresh) throws IOException {
    dialling = fresh;
    requireTime();
  }

  /** Throws if it was broken off; checked after each thing that breaking off must find. */
  void requireTime() throws IOException {
    if (isOver()) {
      throw new IOException("the exchange was broken off");
    }
  }

  void dnsSince(long nanos) {
    dns = since(nanos);
  }

  void connectSince(long nanos) {
    connect = since(nanos);
  }

  void tlsSince(long nanos) {
    tls = since(nanos);
  }

  void firstByteSince(long nanos) {
    firstByte = since(nanos);
  }

  Timings timings() {
    return new Timings(dns, connect, tls, firstByte, since(start));
  }

  private void closeDialling() {
    Socket fresh = dialling;
    if (fresh != null) {
      try {
        fresh.close();
      } catch (IOException _) {
        // It is closed all the same.
      }
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
