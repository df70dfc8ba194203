package dev.carillon.bench.rate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A Redis server on loopback that writes nothing to disk. */
final class BenchRedis implements AutoCloseable {

  private final RedisServer server;
  private final int port;

  private BenchRedis(RedisServer server, int port) {
    this.server = server;
    this.port = port;
  }

  static BenchRedis start() {
    try {
      int port = freePort();
      RedisServer server =
          RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
      server.start();
      return new BenchRedis(server, port);
    } catch (IOException e) {
      throw new UncheckedIOException("Redis does not start", e);
    }
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException("Redis does not stop", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
