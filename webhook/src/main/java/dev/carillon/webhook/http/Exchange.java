package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

/** One request and its answer. */
final class Exchange implements Callable<WebhookResponse> {

  /** The most of a response's body that is read, in bytes; the connection is dropped for more. */
  static final int MAX_BODY = 4096;

  private final CloseableHttpClient http;
  private final HttpPost request;
  private volatile @Nullable WebhookResponse answer;

  Exchange(CloseableHttpClient http, HttpPost request) {
    this.http = http;
    this.request = request;
  }

  /** What is known of the answer; null until its head has arrived. */
  @Nullable WebhookResponse answer() {
    return answer;
  }

  @Override
  public WebhookResponse call() throws IOException {
    ClassicHttpResponse response = http.executeOpen(null, request, HttpClientContext.create());
    try {
      Header header = response.getFirstHeader("Retry-After");
      String retryAfter = header == null ? null : header.getValue();
      answer = new WebhookResponse(response.getCode(), retryAfter, "");
      return new WebhookResponse(response.getCode(), retryAfter, body(response));
    } finally {
      Closer.closeQuietly(response);
    }
  }

  // The status decides, so a body that breaks off is no failure. A body that is not read to its end
  // costs the connection: closing the response would download the rest.
  private String body(ClassicHttpResponse response) {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return "";
    }
    byte[] buffer = new byte[MAX_BODY];
    int length = 0;
    int read = 0;
    try {
      InputStream content = entity.getContent();
      while (length < MAX_BODY && (read = content.read(buffer, length, MAX_BODY - length)) >= 0) {
        length += read;
      }
    } catch (IOException _) {
      read = 0;
    }
    if (read >= 0) {
      request.cancel();
    }
    return new String(buffer, 0, length, UTF_8);
  }
}
