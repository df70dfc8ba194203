package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A forward proxy on 127.0.0.1 that knows only CONNECT. */
final class ConnectProxy implements AutoCloseable {

  private final ServerSocket server;
  private final Function<String, String> answers;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private ConnectProxy(ServerSocket server, Function<String, String> answers) {
    this.server = server;
    this.answers = answers;
  }

  /** A proxy that connects to whatever it is asked for. */
  static ConnectProxy open() {
    return answering(_ -> "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
  }

  /** A proxy that decides by the head of the request; it connects if its answer is a 200. */
  static ConnectProxy answering(Function<String, String> answers) {
    try {
      ConnectProxy proxy =
          new ConnectProxy(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), answers);
      Thread.ofVirtual().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** The heads of the requests so far. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // The proxy was closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      heads.add(head);
      String answer = answers.apply(head);
      if (!answer.startsWith("HTTP/1.1 200")) {
        client.getOutputStream().write(answer.getBytes(ISO_8859_1));
        return;
      }
      String[] target = head.split("[ :]", 4);
      try (Socket server = new Socket(target[1], Integer.parseInt(target[2]))) {
        client.getOutputStream().write(answer.getBytes(ISO_8859_1));
        Thread back = Thread.ofVirtual().start(() -> pipe(server, client));
        pipe(client, server);
        back.join();
      }
    } catch (IOException | InterruptedException _) {
      // The client went away.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client went away");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // One of them went away.
    }
  }
}
