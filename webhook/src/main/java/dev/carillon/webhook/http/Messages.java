package dev.carillon.webhook.http;

import java.net.URI;
import java.util.Locale;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** Requests and responses as HTTP has them, and as callers do. */
record Messages(String userAgent) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Whom a request goes to.
   *
   * @throws ExchangeFailure if the address names nobody
   */
  static HttpHost host(URI url) throws ExchangeFailure {
    String scheme = url.getScheme();
    String host = url.getHost();
    if (scheme == null || host == null || host.isEmpty()) {
      throw new ExchangeFailure(Fault.REFUSED, "the address has no scheme or no host");
    }
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "http" -> new HttpHost("http", bare(host), port(url, HTTP_PORT));
      case "https" -> new HttpHost("https", bare(host), port(url, HTTPS_PORT));
      default -> throw new ExchangeFailure(Fault.REFUSED, "the address is neither http nor https");
    };
  }

  /** The message that posts. */
  ClassicHttpRequest post(WebhookRequest request, URI url) {
    BasicClassicHttpRequest message = message("POST", url);
    message.addHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(request.body().length));
    request.headers().forEach(message::addHeader);
    message.setEntity(new ByteArrayEntity(request.body(), null));
    return message;
  }

  /** The message that gets. */
  ClassicHttpRequest get(TextRequest request, URI url) {
    BasicClassicHttpRequest message = message("GET", url);
    message.addHeader(HttpHeaders.ACCEPT, request.accept());
    return message;
  }

  /** What the receiver answered. */
  static WebhookResponse response(ClassicHttpResponse head, String body) {
    return new WebhookResponse(head.getCode(), header(head, HttpHeaders.RETRY_AFTER), body);
  }

  /** The first header of a name; null if there is none. */
  static @Nullable String header(ClassicHttpResponse head, String name) {
    Header header = head.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  private BasicClassicHttpRequest message(String method, URI url) {
    // Without scheme and authority; the constructor that takes a path alone would parse it.
    BasicClassicHttpRequest message = new BasicClassicHttpRequest(method, null, null, target(url));
    message.addHeader(HttpHeaders.HOST, authority(url));
    message.addHeader(HttpHeaders.USER_AGENT, userAgent);
    return message;
  }

  // RFC 9112, section 3.2.1: the origin form, which is never empty.
  private static String target(URI url) {
    String path = url.getRawPath();
    String query = url.getRawQuery();
    String target = path == null || path.isEmpty() ? "/" : path;
    return query == null ? target : target + "?" + query;
  }

  private static String authority(URI url) {
    return url.getPort() == -1 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  // Neither the brackets of an IPv6 address nor the dot of the root are part of the name in TLS.
  private static String bare(String host) {
    String unbracketed = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return unbracketed.endsWith(".")
        ? unbracketed.substring(0, unbracketed.length() - 1)
        : unbracketed;
  }

  private static int port(URI url, int usual) {
    return url.getPort() == -1 ? usual : url.getPort();
  }
}
