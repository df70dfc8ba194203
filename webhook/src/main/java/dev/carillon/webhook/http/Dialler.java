package dev.carillon.webhook.http;

import dev.carillon.webhook.address.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pool's connections, the only place that dials. Each time, the host (a name or a
 * literal) is looked up, all of its addresses are put before the policy, and only those very
 * addresses are dialled: a name that answers otherwise the next time gains nothing by it.
 */
final class Dialler implements HttpClientConnectionOperator {

  private final ClientConfig config;
  private final Lookups names;
  private final TlsContexts tls = new TlsContexts();

  Dialler(ClientConfig config, Lookups names) {
    this.config = config;
    this.names = names;
  }

  @Override
  public void connect(
      ManagedHttpClientConnection connection,
      HttpHost host,
      @Nullable InetSocketAddress local,
      @Nullable TimeValue timeout,
      SocketConfig socketConfig,
      HttpContext context)
      throws IOException {
    Exchange exchange = (Exchange) context;
    InetAddress[] addresses = allowed(host.getHostName(), exchange);
    long start = System.nanoTime();
    Socket socket;
    try {
      socket = dial(addresses, host.getPort(), exchange);
    } finally {
      exchange.connectSince(start);
    }
    connection.bind(socket);
    exchange.requireTime();
    if (URIScheme.HTTPS.same(host.getSchemeName())) {
      secure(connection, socket, host, exchange);
    }
  }

  @Override
  public void upgrade(ManagedHttpClientConnection connection, HttpHost host, HttpContext context) {
    throw new UnsupportedOperationException("connections are made whole");
  }

  private InetAddress[] allowed(String host, Exchange exchange) throws IOException {
    exchange.at(Stage.NAMES);
    long start = System.nanoTime();
    InetAddress[] all;
    try {
      all = lookUp(host, exchange);
    } finally {
      exchange.dnsSince(start);
    }
    return switch (config.addresses().addresses(all)) {
      case Verdict.Allowed _ -> all;
      case Verdict.Refused refused -> throw new ExchangeFailure(Fault.REFUSED, refused.reason());
    };
  }

  private InetAddress[] lookUp(String host, Exchange exchange) throws IOException {
    try {
      return names.resolve(host, exchange.left());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  // In the order of the resolver. Where all fail, the one that says most of the receiver counts.
  private Socket dial(InetAddress[] addresses, int port, Exchange exchange) throws IOException {
    ExchangeFailure failure = null;
    for (InetAddress address : addresses) {
      try {
        return dial(new InetSocketAddress(address, port), exchange);
      } catch (IOException e) {
        exchange.requireTime();
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        ExchangeFailure next = Failures.of(exchange.stage(), e, config);
        failure = failure == null || next.fault() == Fault.ENDPOINT ? next : failure;
      }
    }
    throw failure == null ? new IOException("there is no address") : failure;
  }

  private Socket dial(InetSocketAddress target, Exchange exchange) throws IOException {
    // Not new Socket(), which would ask the ProxySelector of the process for a SOCKS proxy.
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      exchange.on(socket);
      connect(socket, target, exchange);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void connect(Socket socket, InetSocketAddress target, Exchange exchange)
      throws IOException {
    ProxyAddress proxy = config.proxy();
    if (proxy == null) {
      exchange.at(Stage.CONNECT);
      socket.connect(target, millis(exchange));
      return;
    }
    exchange.at(Stage.PROXY);
    InetAddress address = proxyAddress(proxy, exchange);
    socket.connect(new InetSocketAddress(address, proxy.port()), millis(exchange));
    exchange.at(Stage.TUNNEL);
    Tunnel.open(socket, proxy, target, exchange.atMost(config.connectTimeout()));
  }

  private InetAddress proxyAddress(ProxyAddress proxy, Exchange exchange) throws IOException {
    try {
      return lookUp(proxy.host(), exchange)[0];
    } catch (ExchangeFailure e) {
      throw e.fault() == Fault.ENDPOINT
          ? new ExchangeFailure(Fault.OURS, "the proxy's host name was not found")
          : e;
    }
  }

  private void secure(
      ManagedHttpClientConnection connection, Socket socket, HttpHost host, Exchange exchange)
      throws IOException {
    exchange.at(Stage.TLS);
    long start = System.nanoTime();
    try {
      socket.setSoTimeout(millis(exchange));
      // SNI and the check of the certificate go by the name in the URL, whatever was dialled.
      SSLSocket secured =
          tls.of(exchange.tls())
              .upgrade(socket, host.getHostName(), host.getPort(), null, exchange);
      socket.setSoTimeout(0);
      connection.bind(secured, socket);
    } finally {
      exchange.tlsSince(start);
    }
  }

  private int millis(Exchange exchange) {
    Duration most = exchange.atMost(config.connectTimeout());
    return Spans.millis(most);
  }
}
