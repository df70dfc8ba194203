package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A server that misbehaves below HTTP, as told by a script that runs once for each connection. */
public final class RawServer implements AutoCloseable {

  public interface Script {
    public void run(Connection connection) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final LinkedBlockingQueue<Long> bytesWritten = new LinkedBlockingQueue<>();

  private RawServer(ServerSocket server) {
    this.server = server;
  }

  public static RawServer start(Script script) {
    try {
      RawServer raw = new RawServer(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
      Thread.ofVirtual().start(() -> raw.accept(script));
      return raw;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/");
  }

  /** How many bytes the script of the next connection could write before it ended. */
  public long bytesWritten() throws InterruptedException {
    Long bytes = bytesWritten.poll(10, TimeUnit.SECONDS);
    if (bytes == null) {
      throw new AssertionError("the connection is still open after 10 s");
    }
    return bytes;
  }

  /** Waits. */
  public void pause(Duration wait) throws InterruptedException {
    closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
  }

  private void accept(Script script) {
    try {
      while (true) {
        Connection connection = new Connection(server.accept());
        Thread.ofVirtual().start(() -> connection.run(script));
      }
    } catch (IOException _) {
      // The server was closed.
    }
  }

  /** One connection, as a script sees it. */
  public final class Connection {

    private final Socket socket;
    private final AtomicLong written = new AtomicLong();

    private Connection(Socket socket) {
      this.socket = socket;
    }

    private void run(Script script) {
      try (socket) {
        script.run(this);
      } catch (IOException | InterruptedException _) {
        // The other side went away: what several of the scripts wait for.
      } finally {
        bytesWritten.add(written.get());
      }
    }

    /** Reads a request to its end; returns its head. */
    public String readRequest() throws IOException {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
      in.readNBytes(Integer.parseInt(length));
      return head.toString();
    }

    /** Writes each character as one byte. */
    public void write(String text) throws IOException {
      byte[] bytes = text.getBytes(ISO_8859_1);
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      written.addAndGet(bytes.length);
    }

    public void drip(String text, Duration gap) throws IOException, InterruptedException {
      for (int i = 0; i < text.length(); i++) {
        pause(gap);
        write(text.substring(i, i + 1));
      }
    }

    /** Waits; ends early when the server is closed. */
    public void pause(Duration most) throws InterruptedException {
      closed.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Reads a request and breaks the connection with a TCP reset: the client has connected by then.
     */
    public void resetAfterRequest() throws IOException {
      readRequest();
      reset();
    }

    /** Breaks the connection with a TCP reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
