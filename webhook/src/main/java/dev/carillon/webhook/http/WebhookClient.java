package dev.carillon.webhook.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Posts a request and returns the answer, within the configured times and sizes. It does nothing by
 * itself: no redirect, retry, proxy, cookie, authentication or decompression.
 */
public final class WebhookClient implements AutoCloseable {

  /** The longest line of a response's head, in bytes. */
  static final int MAX_HEADER_LINE = 16 * 1024;

  /** The most headers of a response. */
  static final int MAX_HEADERS = 100;

  // Below the keep-alive of common servers (Node and Apache: 5 s), so that we close first.
  private static final TimeValue IDLE_CONNECTION = TimeValue.ofSeconds(4);
  private static final TimeValue CHECK_AFTER = TimeValue.ofMilliseconds(100);

  private final CloseableHttpClient http;
  private final Duration totalTimeout;

  public WebhookClient(WebhookConfig config, String userAgent) {
    this.totalTimeout = config.totalTimeout();
    this.http =
        HttpClients.custom()
            .setConnectionManager(connections(config))
            .setDefaultRequestConfig(requestConfig(config))
            .setUserAgent(userAgent)
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableConnectionState()
            .evictIdleConnections(IDLE_CONNECTION)
            .build();
  }

  /**
   * Posts the request.
   *
   * @throws IOException if no answer came; see {@link NetworkFailure}
   * @throws InterruptedException if the calling thread was interrupted; the exchange is given up
   */
  public WebhookResponse post(HttpPost request) throws IOException, InterruptedException {
    // On a thread of its own, so that giving up frees the caller whatever the exchange is stuck in:
    // name lookup, handshake, or a receiver that drips. A virtual thread's interrupt closes the
    // socket it is blocked on.
    Exchange exchange = new Exchange(http, request);
    FutureTask<WebhookResponse> task = new FutureTask<>(exchange);
    Thread.ofVirtual().name("webhook-exchange").start(task);
    try {
      return task.get(totalTimeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      WebhookResponse soFar = exchange.answer();
      if (soFar == null) {
        throw new TotalTimeoutException();
      }
      return soFar;
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      task.cancel(true);
    }
  }

  @Override
  public void close() {
    http.close(CloseMode.GRACEFUL);
  }

  private static IOException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException failure -> failure;
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case null, default -> throw new IllegalStateException(e);
    };
  }

  private static HttpClientConnectionManager connections(WebhookConfig config) {
    Timeout connectTimeout = Timeout.of(config.connectTimeout());
    return new DirectConnections()
        .setMaxConnTotal(config.maxConnections())
        .setMaxConnPerRoute(config.maxConnections())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(headLimits()).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(connectTimeout)
                .setSocketTimeout(Timeout.of(config.responseTimeout()))
                .setIdleTimeout(Timeout.of(IDLE_CONNECTION.toDuration()))
                .setValidateAfterInactivity(CHECK_AFTER)
                .build())
        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connectTimeout).build())
        .build();
  }

  private static Http1Config headLimits() {
    return Http1Config.custom()
        .setMaxLineLength(MAX_HEADER_LINE)
        .setMaxHeaderCount(MAX_HEADERS)
        .build();
  }

  private static RequestConfig requestConfig(WebhookConfig config) {
    return RequestConfig.custom()
        .setConnectionRequestTimeout(Timeout.of(config.connectTimeout()))
        .setResponseTimeout(Timeout.of(config.responseTimeout()))
        .setAuthenticationEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .setExpectContinueEnabled(false)
        .build();
  }
}
