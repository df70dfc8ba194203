package dev.carillon.webhook.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** An HTTPS server on 127.0.0.1 that answers 204 and tells who came from where. */
public final class TlsReceiver implements AutoCloseable {

  private final HttpsServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> clients = new CopyOnWriteArrayList<>();
  private final List<Integer> ports = new CopyOnWriteArrayList<>();

  private TlsReceiver(HttpsServer server) {
    this.server = server;
  }

  public static TlsReceiver start(SSLContext context, boolean needsClient) {
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
      server.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters ssl = context.getDefaultSSLParameters();
              ssl.setNeedClientAuth(needsClient);
              parameters.setSSLParameters(ssl);
            }
          });
      TlsReceiver receiver = new TlsReceiver(server);
      server.createContext("/", receiver::receive);
      server.setExecutor(receiver.executor);
      server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url(String host) {
    return URI.create("https://%s:%d/hook".formatted(host, server.getAddress().getPort()));
  }

  /** The subject of each request's client certificate; "nobody" where there was none. */
  public List<String> clients() {
    return List.copyOf(clients);
  }

  /** The port that each request came from. */
  List<Integer> ports() {
    return List.copyOf(ports);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      clients.add(client((HttpsExchange) exchange));
      ports.add(exchange.getRemoteAddress().getPort());
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private static String client(HttpsExchange exchange) {
    try {
      return exchange.getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException _) {
      return "nobody";
    }
  }
}
