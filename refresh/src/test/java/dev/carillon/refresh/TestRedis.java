package dev.carillon.refresh;

import dev.carillon.refresh.queue.RedisUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A Redis server on loopback, which keeps what it is told and can be stopped and started again. */
public final class TestRedis implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final class Shared {
    static final TestRedis RUNNING = new TestRedis(freePort(), new String[] {"save \"\""});
  }

  private final int port;
  private final String[] settings;
  private RedisServer server;

  private TestRedis(int port, String[] settings) {
    this.port = port;
    this.settings = settings;
    this.server = started(port, settings);
  }

  /** The server of all tests of this run: each uses keys of its own. */
  public static TestRedis shared() {
    return Shared.RUNNING;
  }

  /** A server of the test's own, which writes everything to a folder before it answers. */
  public static TestRedis durable(Path folder) {
    return new TestRedis(
        freePort(),
        new String[] {"save \"\"", "appendonly yes", "appendfsync always", "dir " + folder});
  }

  /** How the keys of one test begin. */
  public static String newPrefix() {
    return "test" + COUNT.incrementAndGet();
  }

  /** Its port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Connections to it. */
  public UnifiedJedis open() {
    return RedisUrl.parse("redis://127.0.0.1:" + port).open();
  }

  /** Stops it. */
  public void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException("Redis does not stop", e);
    }
  }

  /** Starts it again, at the same port. */
  public void start() {
    server = started(port, settings);
  }

  @Override
  public void close() {
    stop();
  }

  private static RedisServer started(int port, String[] settings) {
    try {
      RedisServerBuilder builder = RedisServer.newRedisServer().port(port).bind("127.0.0.1");
      for (String setting : settings) {
        builder.setting(setting);
      }
      RedisServer server = builder.build();
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("Redis does not start", e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port is free", e);
    }
  }
}
