package dev.carillon.webhook.http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * A connection that can always be closed at once, whatever its thread is blocked in. It does not
 * say good-bye in TLS: that may wait for the receiver, and the pool may hold its lock meanwhile.
 * Every message says how long it is, so nothing is lost by that.
 */
final class PooledConnection extends DefaultManagedHttpClientConnection {

  private volatile @Nullable Socket base;
  private volatile boolean closed;

  PooledConnection(String id, Http1Config limits) {
    super(id, null, null, limits, null, null, null, null, null);
  }

  @Override
  public void bind(Socket socket) throws IOException {
    own(socket);
    super.bind(socket);
  }

  @Override
  public void bind(SSLSocket tls, Socket socket) throws IOException {
    own(socket);
    super.bind(tls, socket);
  }

  @Override
  public void close() {
    close(CloseMode.GRACEFUL);
  }

  /** Closes in good order (FIN), or with a reset where the receiver may still be sending. */
  @Override
  public void close(CloseMode mode) {
    closed = true;
    Socket socket = base;
    if (socket != null) {
      closeBase(socket, mode);
    }
    super.close(CloseMode.IMMEDIATE);
  }

  private void own(Socket socket) throws IOException {
    base = socket;
    if (closed) {
      socket.close();
      throw new IOException("the connection was closed while it was being made");
    }
  }

  private static void closeBase(Socket socket, CloseMode mode) {
    try (socket) {
      if (mode == CloseMode.IMMEDIATE) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException _) {
      // It is closed all the same.
    }
  }
}
