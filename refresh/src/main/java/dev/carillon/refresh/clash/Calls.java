package dev.carillon.refresh.clash;

import dev.carillon.refresh.pace.Departure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP calls, each made once: nothing is repeated and no redirect followed, for every arrival
 * counts against the limit. (The JDK's client sends a call again whose connection ends without an
 * answer.) Safe for use by many threads; a virtual thread that waits for an answer can be
 * interrupted.
 */
final class Calls implements AutoCloseable {

  /** The most of an answer that is read, in bytes after decompression. */
  static final int MAX_BODY = 4 * 1024 * 1024;

  /** How long a connection may take to come about. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How long an unused connection is kept. */
  static final Duration IDLE = Duration.ofSeconds(20);

  /** After how long without use a connection is looked at before it is used. */
  static final Duration DOUBTFUL = Duration.ofMillis(100);

  /** The most connections, and so the most calls at once. */
  static final int MAX_CONNECTIONS = 128;

  private final Duration timeout;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines;

  Calls(Duration timeout) {
    this.timeout = timeout;
    this.client = client(timeout);
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("clash-deadlines").factory());
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /** A call that leaves when it may: the connection comes about before. */
  Outcome get(URI url, Map<String, String> headers, Departure departure)
      throws InterruptedException {
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(DepartingExecutor.DEPARTURE, departure);
    return call(new HttpGet(url), headers, context);
  }

  Outcome post(URI url, Map<String, String> headers, String json) throws InterruptedException {
    HttpPost request = new HttpPost(url);
    request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    return call(request, headers, HttpClientContext.create());
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    client.close(CloseMode.IMMEDIATE);
  }

  private Outcome call(
      HttpUriRequestBase request, Map<String, String> headers, HttpClientContext context)
      throws InterruptedException {
    request.setHeader("Accept", "application/json");
    headers.forEach(request::setHeader);
    // The client's own time-outs count from byte to byte: one that drips would take for ever.
    Future<?> deadline =
        deadlines.schedule(request::cancel, timeout.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return client.execute(request, context, Calls::read);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted in a call");
      }
      return request.isCancelled() ? late() : outcome(e);
    } finally {
      deadline.cancel(false);
    }
  }

  private Outcome late() {
    return new Outcome.Unanswered("no whole answer within %d ms".formatted(timeout.toMillis()));
  }

  private Outcome outcome(IOException e) {
    return switch (e) {
      case DepartingExecutor.NotLeaving _ -> new Outcome.NotMade();
      case TooLong _ ->
          new Outcome.Unanswered("an answer of more than %d bytes".formatted(MAX_BODY));
      case UnknownHostException _ -> new Outcome.Unreachable("its name is not known");
      case ConnectTimeoutException _ ->
          new Outcome.Unreachable("no connection within " + CONNECT_TIMEOUT.toSeconds() + " s");
      case ConnectException _, NoRouteToHostException _ ->
          new Outcome.Unreachable("no connection comes about");
      case InterruptedIOException _ -> late();
      case SSLException _ -> new Outcome.Unreachable("no TLS connection comes about");
      case ClientProtocolException _ -> new Outcome.Unanswered("what came is not HTTP");
      default -> new Outcome.Unanswered("the connection broke off");
    };
  }

  private static Outcome read(ClassicHttpResponse response) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      headers
          .computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(header.getValue());
    }
    return new Outcome.Reply(response.getCode(), headers, body(response));
  }

  private static byte[] body(ClassicHttpResponse response) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    InputStream content = entity.getContent();
    byte[] body = content == null ? new byte[0] : content.readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new TooLong();
    }
    return body;
  }

  private static CloseableHttpClient client(Duration timeout) {
    Timeout answer = Timeout.of(timeout);
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(MAX_CONNECTIONS)
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                    .setSocketTimeout(answer)
                    .setIdleTimeout(Timeout.of(IDLE))
                    .setValidateAfterInactivity(TimeValue.of(DOUBTFUL))
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setRequestExecutor(new DepartingExecutor())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(answer)
                .setResponseTimeout(answer)
                .build())
        .setUserAgent("carillon")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  /** An answer of which too much comes. */
  private static final class TooLong extends IOException {

    private static final long serialVersionUID = 1L;
  }
}
