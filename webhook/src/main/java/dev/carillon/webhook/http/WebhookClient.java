package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.ConnectionHolder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts to any number of endpoints, and gets texts, over one pool of connections, each within its
 * time and within limits of size. It does nothing by itself: no redirect, retry, cookie,
 * authentication or decompression. Safe for use by many threads; made for virtual ones.
 */
public final class WebhookClient implements AutoCloseable {

  private static final String LOG_NAME = "webhook";

  // The pool gives a connection without a state to anybody, so that each gets one.
  private static final Object NO_TLS_OF_ITS_OWN = "none";

  /**
   * What was read of a response.
   *
   * @param whole whether that is all, so that the connection is ready for the next response
   */
  private record Reading<T>(T answer, boolean whole) {}

  private interface ResponseReader<T> {
    Reading<T> read(ClassicHttpResponse head) throws IOException;
  }

  private final ClientConfig config;
  private final AllowedUrls urls;
  private final Messages messages;
  private final Lookups names;
  private final PoolingHttpClientConnectionManager pool;
  private final HttpRequestExecutor executor = new HttpRequestExecutor();
  private final ScheduledThreadPoolExecutor timer;
  private final Future<?> sweep;
  private volatile boolean closed;

  /** A client without connections; it makes them as they are needed. */
  public WebhookClient(ClientConfig config) {
    this.config = requireNonNull(config, "config is null");
    this.urls = new AllowedUrls(config.addresses());
    this.messages = new Messages(config.userAgent());
    this.names = new Lookups(config.names());
    this.pool = Connections.pool(config, new Dialler(config, names));
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("webhook-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    long idle = Connections.IDLE.toMillis();
    this.sweep =
        timer.scheduleWithFixedDelay(
            () -> pool.closeIdle(Connections.IDLE_VALUE), idle, idle / 2, TimeUnit.MILLISECONDS);
  }

  /**
   * Posts the request and waits for what becomes of it, on the calling thread.
   *
   * @throws InterruptedException if the calling thread was interrupted before the head of a
   *     response came: the receiver may have got the request. After that the answer is returned,
   *     and the thread stays interrupted. On other than virtual threads, waiting for the other side
   *     is not ended by an interruption but by the request's time-out
   */
  public Exchanged post(WebhookRequest request) throws InterruptedException {
    requireNoInterruption();
    Exchange exchange = new Exchange(request.timeout(), request.tls());
    try {
      URI url = urls.normal(request.url());
      WebhookResponse response =
          within(exchange, url, messages.post(request, url), WebhookClient::start);
      return new Exchanged.Answered(response, exchange.timings());
    } catch (ExchangeFailure e) {
      return new Exchanged.Unanswered(e.fault(), e.reason(), exchange.timings());
    }
  }

  /**
   * Gets a text and waits for all of it, on the calling thread.
   *
   * @throws InterruptedException if the calling thread was interrupted before the text was there;
   *     on other than virtual threads see {@link #post}
   */
  public Fetched get(TextRequest request) throws InterruptedException {
    requireNoInterruption();
    Exchange exchange = new Exchange(request.timeout(), null);
    try {
      URI url = urls.normal(request.url());
      return new Fetched.Answered(
          within(
              exchange,
              url,
              messages.get(request, url),
              head -> whole(head, exchange, request.mostBytes())));
    } catch (ExchangeFailure e) {
      return new Fetched.Unanswered(e.fault(), e.reason());
    }
  }

  /** Closes all connections; requests that are under way fail, by {@link Fault#OURS}. */
  @Override
  public void close() {
    closed = true;
    sweep.cancel(false);
    timer.shutdownNow();
    pool.close(CloseMode.IMMEDIATE);
    names.close();
  }

  private static void requireNoInterruption() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static Reading<WebhookResponse> start(ClassicHttpResponse head) {
    BodyStart body = BodyStart.of(head);
    return new Reading<>(Messages.response(head, body.text()), body.whole());
  }

  private static Reading<TextResponse> whole(
      ClassicHttpResponse head, Exchange exchange, int mostBytes) throws IOException {
    exchange.at(Stage.BODY);
    boolean isWanted = head.getCode() / 100 == 2;
    String text = isWanted ? WholeText.of(head, mostBytes) : "";
    String location = Messages.header(head, HttpHeaders.LOCATION);
    return new Reading<>(
        new TextResponse(head.getCode(), location, text), isWanted || head.getEntity() == null);
  }

  private <T> T within(
      Exchange exchange, URI url, ClassicHttpRequest message, ResponseReader<T> reader)
      throws ExchangeFailure, InterruptedException {
    Future<?> alarm = alarm(exchange);
    try {
      return exchange(exchange, url, message, reader);
    } catch (IOException | HttpException | IllegalStateException e) {
      throw failure(exchange, e);
    } finally {
      alarm.cancel(false);
    }
  }

  private Future<?> alarm(Exchange exchange) throws ExchangeFailure {
    try {
      return timer.schedule(exchange, exchange.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      throw stopping();
    }
  }

  private <T> T exchange(
      Exchange exchange, URI url, ClassicHttpRequest message, ResponseReader<T> reader)
      throws IOException, HttpException, InterruptedException {
    HttpHost host = Messages.host(url);
    Object state = state(exchange);
    ConnectionEndpoint endpoint = lease(exchange, host, state);
    boolean reusable = false;
    try {
      exchange.on((PooledConnection) ((ConnectionHolder) endpoint).get());
      if (!endpoint.isConnected()) {
        pool.connect(endpoint, null, exchange);
      }
      ClassicHttpResponse head = send(endpoint, message, exchange);
      Reading<T> read = reader.read(head);
      reusable = exchange.end() && read.whole() && Connections.survives(message, head, exchange);
      return read.answer();
    } finally {
      release(endpoint, reusable ? state : null);
    }
  }

  private ClassicHttpResponse send(
      ConnectionEndpoint endpoint, ClassicHttpRequest message, Exchange exchange)
      throws IOException, HttpException {
    exchange.at(Stage.RESPONSE);
    long start = System.nanoTime();
    ClassicHttpResponse head = endpoint.execute(LOG_NAME, message, executor::execute, exchange);
    exchange.firstByteSince(start);
    return head;
  }

  private ConnectionEndpoint lease(Exchange exchange, HttpHost host, Object state)
      throws IOException, InterruptedException {
    Timeout atMost =
        Timeout.of(Spans.millis(exchange.atMost(config.connectTimeout())), TimeUnit.MILLISECONDS);
    HttpRoute route = new HttpRoute(host, null, host.getSchemeName().equals("https"));
    LeaseRequest lease = pool.lease(LOG_NAME, route, atMost, state);
    try {
      return lease.get(atMost);
    } catch (TimeoutException | ExecutionException _) {
      lease.cancel();
      throw new ExchangeFailure(
          Fault.OURS,
          "time-out after %s waiting for one of %d connections"
              .formatted(Spans.text(atMost.toDuration()), config.maxConnections()));
    } catch (InterruptedException e) {
      giveBack(lease);
      throw e;
    }
  }

  // A connection may have come at the moment of the interruption; nobody else would return it.
  private void giveBack(LeaseRequest lease) {
    if (!lease.cancel()) {
      try {
        release(lease.get(Timeout.ZERO_MILLISECONDS), null);
      } catch (InterruptedException | ExecutionException | TimeoutException _) {
        // There is none.
      }
    }
  }

  // A connection that is not to be used again is closed with a reset: its receiver may be sending.
  private void release(ConnectionEndpoint endpoint, @Nullable Object state) {
    if (state == null) {
      endpoint.close(CloseMode.IMMEDIATE);
      pool.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
    } else {
      pool.release(endpoint, state, Connections.IDLE_VALUE);
    }
  }

  private ExchangeFailure failure(Exchange exchange, Exception failure)
      throws InterruptedException {
    boolean late = !exchange.end();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (closed) {
      return stopping();
    }
    return late && !(failure instanceof ExchangeFailure)
        ? Failures.late(exchange.stage(), exchange.timeout())
        : Failures.of(exchange.stage(), failure, config);
  }

  private static ExchangeFailure stopping() {
    return new ExchangeFailure(Fault.OURS, "this process is closing its connections");
  }

  private static Object state(Exchange exchange) {
    ClientTls tls = exchange.tls();
    return tls == null ? NO_TLS_OF_ITS_OWN : tls;
  }
}
