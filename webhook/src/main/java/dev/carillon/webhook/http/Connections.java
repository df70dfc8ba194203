package dev.carillon.webhook.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The pool of connections and the limits of each. */
final class Connections extends PoolingHttpClientConnectionManagerBuilder {

  /** The longest line of a response's head, in bytes. */
  static final int MAX_HEADER_LINE = 16 * 1024;

  /** The most headers of a response. */
  static final int MAX_HEADERS = 100;

  /**
   * How long an unused connection is kept: below the keep-alive of common servers (Node and Apache:
   * 5 s), so that we close first.
   */
  static final Duration IDLE = Duration.ofSeconds(4);

  /** {@link #IDLE}, as the pool takes it. */
  static final TimeValue IDLE_VALUE = TimeValue.of(IDLE);

  // A check takes a millisecond, which a busy connection is spared.
  private static final TimeValue CHECK_AFTER = TimeValue.ofMilliseconds(100);

  private static final Http1Config HEAD_LIMITS =
      Http1Config.custom().setMaxLineLength(MAX_HEADER_LINE).setMaxHeaderCount(MAX_HEADERS).build();

  private final Dialler dialler;

  private Connections(Dialler dialler) {
    this.dialler = dialler;
  }

  @Override
  protected HttpClientConnectionOperator createConnectionOperator(
      SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
    return dialler;
  }

  /** An empty pool, whose connections the dialler makes. */
  static PoolingHttpClientConnectionManager pool(ClientConfig config, Dialler dialler) {
    AtomicLong made = new AtomicLong();
    return new Connections(dialler)
        .setMaxConnTotal(config.maxConnections())
        .setMaxConnPerRoute(config.maxConnections())
        .setConnectionFactory(
            _ -> new PooledConnection("webhook-" + made.incrementAndGet(), HEAD_LIMITS))
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setSocketTimeout(Timeout.DISABLED)
                .setIdleTimeout(Timeout.of(IDLE))
                .setValidateAfterInactivity(CHECK_AFTER)
                .build())
        .build();
  }

  /** Whether the connection can carry another exchange, by what the response says. */
  static boolean survives(
      ClassicHttpRequest request, ClassicHttpResponse response, Exchange exchange) {
    return DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, exchange);
  }
}
